import { proxyRefusal } from '../http/network.ts'
import type { Advice, Refusal } from './refusal.ts'
import {
  type Advise,
  byPolicy,
  lacking,
  locked,
  noSubscription,
  signInAgain,
  unauthorized,
  unregistered,
} from './refusalAdvice.ts'

const again = 'Azure failed for a moment: run the job again, it goes on where this one stopped.'
const pace =
  'Something else uses up the same allowance, or a limit is lower than published: wait as long as Azure says and run the job again; it goes on where this one stopped. A lower max-concurrency slows the writes down.'
const provisioning =
  'Another write to this private link scope is still under way and Azure takes one at a time: run the job again when it has ended, and keep two runs apart with a concurrency group in the workflow.'
const busy =
  'Another operation holds this resource: run the job again when it has ended; it goes on where this one stopped.'
const missing =
  'Check the name, resource group and subscription in the topology file; if it was created moments ago, run the job again.'
const invalid =
  'Trying again will not help: correct what these words name in the topology file. If they name nothing of yours, please report it with the correlation id.'

const advice =
  (remedy: string, reason?: Advice['reason']): Advise =>
  () =>
    reason === undefined ? { remedy } : { remedy, reason }

/** What Azure's words tell where its code doesn't. First match counts. */
export const byMessage: readonly { readonly when: RegExp; readonly advise: Advise }[] = [
  { when: /in provisioning state:? '?Provisioning/i, advise: advice(provisioning) },
  {
    when: /same linked resource id already exists/i,
    advise: advice(
      'It is linked already, under another name: run the job again, the next plan takes that link as it is.',
    ),
  },
  {
    when: /not found in 'AIMON' environment/i,
    advise: advice(
      'Azure Monitor does not know of this resource yet, which happens for some minutes after it was created: run the job again.',
    ),
  },
  {
    when: /MissingMemberNamesRequiredByFps/i,
    advise: advice(
      "A private endpoint of the scope has fixed IP addresses and none for what would be linked now: add ipConfigurations for the members that Azure's words list, or replace it by a private endpoint with dynamic addresses. Then run the job again.",
    ),
  },
  {
    when: /connected to an AMPLS|private ?link scope.*(?:remove|disconnect|delete)/i,
    advise: advice(
      'It is still linked to a private link scope: remove that link first, then run the job again.',
    ),
  },
  {
    when: /association of data collection endpoint (?:must be named|cannot include)/i,
    advise: advice(
      'An association holds either one endpoint, under the name configurationAccessEndpoint, or one rule: please report this, the action should not have sent it.',
    ),
  },
  {
    when: /association cannot be created for resource of type/i,
    advise: advice(
      "Azure Monitor doesn't associate this type of resource: take the target out of the topology file.",
    ),
  },
  {
    when: /(?:exceeding|additional)\b.*\bquota/i,
    advise: advice(
      'A quota of the subscription is used up: ask for an increase, or free some of it, and run the job again.',
      'azure-error',
    ),
  },
]

/** By Azure's error code in lower case; the code of an inner error counts where the outer has no rule. */
export const byCode: Readonly<Record<string, Advise>> = {
  authorizationfailed: lacking,
  linkedauthorizationfailed: lacking,
  authorizationpermissionmismatch: lacking,
  forbidden: advice(
    'Azure does not let this identity or this subscription do that: the words above say which; ask its owner, then run the job again.',
    'forbidden',
  ),
  denyassignmentauthorizationfailed: advice(
    'A deny assignment (of a managed application, a deployment stack or a managed resource group) keeps everybody from changing this: have its owner change it, or take it out of the topology file.',
    'forbidden',
  ),
  requestdisallowedbypolicy: byPolicy,
  requestdisallowedbyazure: advice(
    'Azure does not let this subscription create that there: choose another region, or ask for access to this one.',
    'forbidden',
  ),
  scopelocked: locked,
  missingsubscriptionregistration: unregistered,
  subscriptionnotregistered: unregistered,
  noregisteredproviderfound: advice(
    'This cloud does not serve this resource type in this API version or region: check the region, and the input cloud.',
  ),
  invalidapiversionparameter: advice(
    'This cloud does not serve the API version that the action uses: check the input cloud, and report it with the versions that the words above list.',
  ),
  invalidresourcetype: advice(
    'This cloud does not serve this resource type: check the input cloud and the region.',
  ),
  subscriptionnotfound: noSubscription,
  invalidsubscriptionid: noSubscription,
  readonlydisabledsubscription: advice(
    'The subscription is disabled and read-only: have its owner reactivate it.',
    'forbidden',
  ),
  resourcegroupnotfound: advice(
    'Check the resource group and the subscription in the topology file, or create the group: the action creates none.',
  ),
  resourcegroupbeingdeleted: advice(
    'The resource group is being deleted: name another one in the topology file, or create it again when it is gone.',
  ),
  resourcenotfound: advice(missing),
  parentresourcenotfound: advice(missing),
  notfound: advice(missing),
  invalidresourcelocation: advice(
    'A resource of this name exists in another region, and a region cannot be changed: change the name pattern in the topology file, or delete the old one yourself.',
  ),
  locationnotavailableforresourcetype: advice(
    'This resource type is not offered in this region: name an endpoint of another region in the topology file.',
  ),
  expiredauthenticationtoken: advice(signInAgain, 'auth-failed'),
  invalidauthenticationtoken: advice(signInAgain, 'auth-failed'),
  invalidauthenticationtokentenant: advice(
    'The subscription belongs to another tenant than the one this run signed in to: correct the input tenant-id, or the subscription in the topology file.',
    'auth-failed',
  ),
  invalidauthenticationtokenaudience: advice(
    'The token is for another cloud: correct the input cloud.',
    'auth-failed',
  ),
  authenticationfailed: advice(signInAgain, 'auth-failed'),
  unauthorized,
  subscriptionrequeststhrottled: advice(pace),
  resourcerequeststhrottled: advice(pace),
  toomanyrequests: advice(pace),
  ratelimiting: advice(pace),
  retryableerror: advice(busy),
  retryableerrorduetoanotheroperation: advice(busy),
  anotheroperationinprogress: advice(busy),
  conflict: advice(busy),
  preconditionfailed: advice(
    'The object changed while this run was looking at it: run the job again, it plans on what is there now.',
  ),
  invalidendpointassociationname: advice(
    'An association of an endpoint must be named configurationAccessEndpoint: please report this, the action should not have sent it.',
  ),
  invalidquery: advice(
    'Resource Graph refused the query of the action: please report it with the words above.',
  ),
  parserfailure: advice(
    'Resource Graph refused the query of the action: please report it with the words above.',
  ),
}

/** What the status alone tells. */
export function byStatus(refusal: Refusal): Advice {
  const { status, message } = refusal
  if (status === undefined) return { remedy: again }
  if (status === 401) return unauthorized(refusal)
  if (status === 403)
    return {
      reason: 'forbidden',
      remedy:
        'This identity may not do that here: give it the role that docs/permissions.md lists for it, on this resource or above. A new role assignment takes up to 10 minutes to count.',
    }
  if (status === 404 || status === 410) return { remedy: missing }
  if (status === proxyRefusal.status) return { remedy: proxyRefusal.remedy }
  if (status === 405)
    return {
      remedy: 'This resource does not allow that operation: check its type in the topology file.',
    }
  if (status === 408) return { remedy: again }
  if (status === 409) return { remedy: conflictRemedy(message) }
  if (status === 412)
    return {
      remedy:
        'The object changed, or appeared, while this run was looking at it: run the job again, it plans on what is there now.',
    }
  if (status === 429) return { remedy: /lock/i.test(message) ? busy : pace }
  if (status >= 500) return { remedy: again }
  return { remedy: invalid }
}

function conflictRemedy(message: string): string {
  return message === ''
    ? busy
    : 'What is there stands in the way of this change, as the words above say: clear that up, then run the job again.'
}
