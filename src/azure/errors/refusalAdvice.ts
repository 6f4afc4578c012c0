import type { Advice, Refusal } from './refusal.ts'
import {
  foreignSubscription,
  lockedScopes,
  missingPermission,
  refusingPolicy,
  subscriptionOf,
  unregisteredNamespace,
} from './refusalNames.ts'

/** Returns what to do about a refusal, using the names in Azure's message. */
export type Advise = (refusal: Refusal) => Advice

/** What to do if a token is rejected. */
export const signInAgain =
  'Run the job again. If it happens again, check the clock of the runner, the inputs cloud, client-id and tenant-id, and that the subscription belongs to this tenant.'

/** A missing role: `AuthorizationFailed`, `LinkedAuthorizationFailed`. */
export const lacking: Advise = (refusal) => {
  const foreign = foreignSubscription(refusal.message)
  if (foreign) {
    return {
      reason: 'forbidden',
      remedy: `The subscription ${foreign.subscription} belongs to another tenant than ${foreign.tenant}, which this run signed in to: Azure can't link across tenants for this identity. Remove that resource from the topology file, or sign in with an identity that both tenants know.`,
    }
  }
  const { principal, actions, scopes } = missingPermission(refusal.message)
  const action = actions.join(' and ') || 'the action'
  const scope = scopes.join(' and ') || 'the resource'
  const whom = principal === undefined ? 'this identity' : `the identity ${principal}`
  return {
    reason: 'forbidden',
    remedy: `Give ${whom} a role with ${action} on ${scope} (${roleFor(actions)}; docs/permissions.md has a role with exactly what is needed). A new role assignment takes up to 10 minutes to take effect.`,
  }
}

/** The narrowest built-in role with the actions, as far as known (facts.md section 6). */
function roleFor(actions: readonly string[]): string {
  const lower = actions.map((a) => a.toLowerCase())
  if (lower.length > 0 && lower.every((a) => a.endsWith('/read'))) return 'Reader has it'
  if (lower.some((a) => a.startsWith('microsoft.operationalinsights/')))
    return 'Log Analytics Contributor has it'
  if (lower.some((a) => a.startsWith('microsoft.insights/'))) return 'Monitoring Contributor has it'
  return 'a custom role can contain just that'
}

/** A refusal by Azure Policy: names assignment and definition. */
export const byPolicy: Advise = (refusal) => {
  const policy = refusingPolicy(refusal)
  return {
    reason: 'forbidden',
    ...(policy === undefined ? {} : { also: policy }),
    remedy: `Azure Policy denies this: change the topology file so that it complies (location, tags, publicNetworkAccess), or ask the owner of ${policy ?? 'the policy assignment'} for an exemption.`,
  }
}

/** A management lock: names its scope. */
export const locked: Advise = (refusal) => {
  const scopes = lockedScopes(refusal.message)
  const where = scopes.length === 0 ? 'the resource or one above it' : scopes.join(' and ')
  return {
    reason: 'forbidden',
    remedy: `A lock on ${where} prevents this write: ask its owner to remove it (az lock list shows it), or remove the change from the topology file. Then run the job again.`,
  }
}

/** An unregistered resource provider: gives the command to register it. */
export const unregistered: Advise = (refusal) => {
  const namespace = unregisteredNamespace(refusal.message) ?? 'Microsoft.Insights'
  const subscription = subscriptionOf(refusal.url)
  const where = subscription === undefined ? '' : ` --subscription ${subscription}`
  return {
    remedy: `Register the resource provider once, then run the job again: az provider register --namespace ${namespace}${where} --wait`,
  }
}

/** A subscription that does not exist or is not visible. */
export const noSubscription: Advise = (refusal) => ({
  remedy: `Check the subscription ${subscriptionOf(refusal.url) ?? ''} in the topology file, that it belongs to the tenant and the cloud this run signs in to, and that this identity has a role in it: without one, Azure hides the subscription.`,
})

/** 401: the token or, from App Service, a quota (quirk 27). */
export const unauthorized: Advise = (refusal) =>
  /quota|limit/i.test(refusal.message)
    ? {
        reason: 'azure-error',
        remedy: 'A quota of the subscription is used up: request an increase, or free some of it.',
      }
    : { reason: 'auth-failed', remedy: signInAgain }
