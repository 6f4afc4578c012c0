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

const again =
  'A temporary failure of Azure: run the job again, it continues where this one stopped.'
const pace =
  'Something else uses the same rate limit, or the limit is lower than published: wait as long as Azure says and run the job again; it continues where this one stopped. A lower max-concurrency slows down the writes.'
const provisioning =
  'Another write to this private link scope is still running, and Azure allows one at a time: run the job again when it has finished, and prevent parallel runs with a concurrency group in the workflow.'
const busy =
  'Another operation is using this resource: run the job again when it has finished; it continues where this one stopped.'
const missing =
  'Check the name, resource group and subscription in the topology file; if it was created moments ago, run the job again.'
const invalid =
  'A retry will not help: correct in the topology file what this message names. If it names nothing from the file, please report it with the correlation id.'

const advice =
  (remedy: string, reason?: Advice['reason']): Advise =>
  () =>
    reason === undefined ? { remedy } : { remedy, reason }

/** Advice by Azure's message, where its code is not enough. The first match counts. */
export const byMessage: readonly { readonly when: RegExp; readonly advise: Advise }[] = [
  { when: /in provisioning state:? '?Provisioning/i, advise: advice(provisioning) },
  {
    when: /same linked resource id already exists/i,
    advise: advice(
      'It is linked already, under another name: run the job again, the next plan uses that link.',
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
      "A private endpoint of the scope has static IP addresses, but none for the new link: add ipConfigurations for the members that Azure's message lists, or replace it with a private endpoint with dynamic addresses. Then run the job again.",
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
      'An association holds either one endpoint, under the name configurationAccessEndpoint, or one rule: please report this bug, the action should not have sent it.',
    ),
  },
  {
    when: /association cannot be created for resource of type/i,
    advise: advice(
      "Azure Monitor doesn't associate this type of resource: remove the target from the topology file.",
    ),
  },
  {
    when: /(?:exceeding|additional)\b.*\bquota/i,
    advise: advice(
      'A quota of the subscription is used up: request an increase, or free some of it, and run the job again.',
      'azure-error',
    ),
  },
]

/**
 * Advice by Azure's error code in lower case; an inner error's code is used if the outer one has no
 * rule.
 */
export const byCode: Readonly<Record<string, Advise>> = {
  authorizationfailed: lacking,
  linkedauthorizationfailed: lacking,
  authorizationpermissionmismatch: lacking,
  forbidden: advice(
    'Azure does not allow this for the identity or the subscription; the message above says which. Ask its owner, then run the job again.',
    'forbidden',
  ),
  denyassignmentauthorizationfailed: advice(
    'A deny assignment (of a managed application, a deployment stack or a managed resource group) prevents any change of this: ask its owner to change it, or remove it from the topology file.',
    'forbidden',
  ),
  requestdisallowedbypolicy: byPolicy,
  requestdisallowedbyazure: advice(
    'Azure does not allow this subscription to create that there: choose another region, or request access to this one.',
    'forbidden',
  ),
  scopelocked: locked,
  missingsubscriptionregistration: unregistered,
  subscriptionnotregistered: unregistered,
  noregisteredproviderfound: advice(
    'This cloud does not serve this resource type in this API version or region: check the region, and the input cloud.',
  ),
  invalidapiversionparameter: advice(
    'This cloud does not serve the API version that the action uses: check the input cloud, and report it with the versions that the message above lists.',
  ),
  invalidresourcetype: advice(
    'This cloud does not serve this resource type: check the input cloud and the region.',
  ),
  subscriptionnotfound: noSubscription,
  invalidsubscriptionid: noSubscription,
  readonlydisabledsubscription: advice(
    'The subscription is disabled and read-only: ask its owner to reactivate it.',
    'forbidden',
  ),
  resourcegroupnotfound: advice(
    'Check the resource group and the subscription in the topology file, or create the group: the action does not create groups.',
  ),
  resourcegroupbeingdeleted: advice(
    'The resource group is being deleted: use another one in the topology file, or create it again once it is deleted.',
  ),
  resourcenotfound: advice(missing),
  parentresourcenotfound: advice(missing),
  notfound: advice(missing),
  invalidresourcelocation: advice(
    'A resource with this name exists in another region, and its region cannot be changed: change the name pattern in the topology file, or delete the old one yourself.',
  ),
  locationnotavailableforresourcetype: advice(
    'This resource type is not available in this region: use an endpoint of another region in the topology file.',
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
    'The object changed during this run: run the job again, it plans with the current state.',
  ),
  invalidendpointassociationname: advice(
    'An association of an endpoint must be named configurationAccessEndpoint: please report this bug, the action should not have sent it.',
  ),
  invalidquery: advice(
    "Resource Graph refused the action's query: please report it with the message above.",
  ),
  parserfailure: advice(
    "Resource Graph refused the action's query: please report it with the message above.",
  ),
}

/** Advice by the status alone. */
export function byStatus(refusal: Refusal): Advice {
  const { status, message } = refusal
  if (status === undefined) return { remedy: again }
  if (status === 401) return unauthorized(refusal)
  if (status === 403)
    return {
      reason: 'forbidden',
      remedy:
        'This identity is not allowed to do that here: give it the role that docs/permissions.md lists for it, on this resource or above. A new role assignment takes up to 10 minutes to take effect.',
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
        'The object was changed or created during this run: run the job again, it plans with the current state.',
    }
  if (status === 429) return { remedy: /lock/i.test(message) ? busy : pace }
  if (status >= 500) return { remedy: again }
  return { remedy: invalid }
}

function conflictRemedy(message: string): string {
  return message === ''
    ? busy
    : 'The current state of Azure prevents this change, as the message above says: resolve that, then run the job again.'
}
