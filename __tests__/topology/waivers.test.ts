import { describe, expect, it } from '@jest/globals'
import { fileOf, lines, problemsOf, type Situation } from './problems.ts'

const situations: readonly Situation[] = [
  {
    name: 'a waiver that expired yesterday',
    text: lines(
      'waivers:',
      '  - code: static-ip-private-endpoint',
      '    reason: replaced soon',
      '    expires: 2026-11-21',
    ),
    problems: [
      '6:5 waiver-expired: This waiver for static-ip-private-endpoint expired on 2026-11-21. » Fix the problem and remove the waiver, or review the problem again and set a later date.',
    ],
  },
  {
    name: 'several expired waivers',
    text: lines(
      'waivers:',
      '  - { code: endpoint-in-use, reason: a, expires: 2020-02-29 }',
      '  - { code: scope-not-ready, reason: b, expires: 2026-01-01 }',
    ),
    problems: [
      '6:5 waiver-expired: This waiver for endpoint-in-use expired on 2020-02-29. » Fix the problem and remove the waiver, or review the problem again and set a later date.',
      '7:5 waiver-expired: This waiver for scope-not-ready expired on 2026-01-01. » Fix the problem and remove the waiver, or review the problem again and set a later date.',
    ],
  },
  {
    name: 'a waiver for a blackout',
    text: 'waivers: [{ code: blackout, reason: we know, expires: 2027-01-01 }]\n',
    problems: [
      "5:19 invalid-value: A blackout can't be waived. » Keep the access mode Open until every target has a private path.",
    ],
  },
  {
    name: 'a waiver for a warning',
    text: 'waivers: [{ code: agent-missing, reason: we know, expires: 2027-01-01 }]\n',
    problems: [
      '5:19 invalid-value: agent-missing is a warning. It never blocks, so it needs no waiver. » Remove the waiver.',
    ],
  },
  {
    name: 'a waiver for a code that does not exist',
    text: lines(
      'waivers:',
      '  - { code: static-ip-private-endpoints, reason: a, expires: 2027-01-01 }',
      '  - { code: everything, reason: a, expires: 2027-01-01 }',
    ),
    problems: [
      '6:13 invalid-value: "static-ip-private-endpoints" is not the code of a blocking diagnostic. » Did you mean static-ip-private-endpoint?',
      '7:13 invalid-value: "everything" is not the code of a blocking diagnostic. » Allowed here: unknown-resource, unreadable-resource, wrong-type, duplicate-name, duplicate-target, waiver-expired, flexible-scale-set, scope-not-ready, static-ip-private-endpoint, endpoint-in-other-region, rule-would-be-lost, link-name-taken, limit-exceeded, endpoint-in-use, dns-zone-missing, ….',
    ],
  },
  {
    name: 'invalid dates',
    text: lines(
      'waivers:',
      '  - { code: endpoint-in-use, reason: a, expires: 2027-02-29 }',
      '  - { code: endpoint-in-use, reason: a, expires: 2027-13-01 }',
      '  - { code: endpoint-in-use, reason: a, expires: 2027-1-1 }',
      '  - { code: endpoint-in-use, reason: a, expires: 20270101 }',
      '  - { code: endpoint-in-use, reason: a, expires: "2027-01-01T00:00:00Z" }',
    ),
    problems: [
      '6:50 invalid-value: 2027-02-29 is not a valid date. » Write the last day on which the waiver holds as YYYY-MM-DD.',
      '7:50 invalid-value: 2027-13-01 is not a valid date. » Write the last day on which the waiver holds as YYYY-MM-DD.',
      '8:50 invalid-value: waivers[2].expires must be a day, YYYY-MM-DD, not "2027-1-1". » Write it like this: expires: 2027-01-31',
      '9:50 invalid-value: waivers[3].expires must be a day, YYYY-MM-DD, not the number 20270101. » Write it like this: expires: 2027-01-31',
      '10:50 invalid-value: waivers[4].expires must be a day, YYYY-MM-DD, not "2027-01-01T00:00:00Z". » Write it like this: expires: 2027-01-31',
    ],
  },
  {
    name: 'keys that are missing or empty',
    text: lines(
      'waivers:',
      '  - code: endpoint-in-use',
      "  - { code: endpoint-in-use, reason: ' ', expires: }",
      '  - {}',
      '  - endpoint-in-use',
    ),
    problems: [
      '6:5 missing-key: waivers[0].expires is missing. » Add it: expires: 2027-01-31',
      '6:5 missing-key: waivers[0].reason is missing. » Add it: reason: replaced in the June window',
      '7:38 invalid-value: waivers[1].reason must be a sentence, not " ". » Write it like this: reason: replaced in the June window',
      '7:43 invalid-value: waivers[1].expires has no value. » Write it like this: expires: 2027-01-31',
      '8:5 missing-key: waivers[2].code is missing. » Add it: code: static-ip-private-endpoint',
      '8:5 missing-key: waivers[2].expires is missing. » Add it: expires: 2027-01-31',
      '8:5 missing-key: waivers[2].reason is missing. » Add it: reason: replaced in the June window',
      '9:5 invalid-value: waivers[3] must be a mapping of "code", "reason" and "expires", not "endpoint-in-use". » Write it like this: - { code: static-ip-private-endpoint, reason: replaced in June, expires: 2027-01-31 }',
    ],
  },
  {
    name: 'invalid references',
    text: lines(
      'waivers:',
      '  - { code: endpoint-in-use, resource: pe, reason: a, expires: 2027-01-01 }',
      '  - { code: endpoint-in-use, resource: /subscriptions/x/resourceGroups/y, reason: a, expires: 2027-01-01 }',
    ),
    problems: [
      '6:40 invalid-value: "pe" is not a reference: the resource group is missing. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '7:40 invalid-value: "/subscriptions/x/resourceGroups/y" is not a reference: the resource id is incomplete. » A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
    ],
  },
]

describe('Problems of a topology file: waivers', () => {
  it.each(situations)('$name', (situation) => {
    expect(problemsOf(fileOf(situation))).toEqual(situation.problems)
  })
})
