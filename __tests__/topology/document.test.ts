import { describe, expect, it } from '@jest/globals'
import { fileOf, head, lines, problemsOf, type Situation } from './problems.ts'

const situations: readonly Situation[] = [
  {
    name: 'an empty file',
    file: '',
    problems: [
      '1:1 syntax: The topology file is empty. » Start with "version: 1", "name:", "subscription:" and "privateLinkScope:", as examples/minimal.yml does.',
    ],
  },
  {
    name: 'a file of comments only',
    file: '# nothing yet\n',
    problems: [
      '1:1 syntax: The topology file is empty. » Start with "version: 1", "name:", "subscription:" and "privateLinkScope:", as examples/minimal.yml does.',
    ],
  },
  {
    name: 'a document without content',
    file: lines('---', '...'),
    problems: [
      '1:1 syntax: The topology file is empty. » Start with "version: 1", "name:", "subscription:" and "privateLinkScope:", as examples/minimal.yml does.',
    ],
  },
  {
    name: 'a list instead of a mapping',
    file: lines('- a', '- b'),
    problems: [
      '1:1 invalid-value: The file must be a mapping of keys such as version, name and privateLinkScope, not a list. » Write it like this: version: 1',
    ],
  },
  {
    name: 'a text instead of a mapping',
    file: 'production',
    problems: [
      '1:1 invalid-value: The file must be a mapping of keys such as version, name and privateLinkScope, not "production". » Write it like this: version: 1',
    ],
  },
  {
    name: 'nothing but null',
    file: '~',
    problems: ['1:1 invalid-value: The file has no value. » Write it like this: version: 1'],
  },
  {
    name: 'two documents',
    text: lines('---', 'version: 1'),
    problems: [
      '5:1 syntax: The file contains more than one YAML document. » Keep one document per file: move the text after "---" to another topology file.',
    ],
  },
  {
    name: 'two documents with an end marker',
    text: lines('...', '---', 'version: 1'),
    problems: [
      '5:1 syntax: The file contains more than one YAML document. » Keep one document per file: move the text after "---" to another topology file.',
    ],
  },
  {
    name: 'a tab as indentation',
    text: lines('accessModes:', '\tquery: Open'),
    problems: [
      '6:1 syntax: The file is not valid YAML: tab characters must not be used in indentation. » Indent with spaces; YAML allows no tabs there.',
    ],
  },
  {
    name: 'a colon in a plain value',
    text: 'clusters: a: b\n',
    problems: [
      '5:12 syntax: The file is not valid YAML: bad indentation of a mapping entry. » Align the line with its neighbors, and put quotes around a value that contains ": ".',
    ],
  },
  {
    name: 'a quote that is not closed',
    text: "machines: ['rg/vm\n",
    problems: [
      "5:12 syntax: The quote that opens here is not closed on its line. » Close it with ', or remove it. Inside a quoted text, write it as ''.",
    ],
  },
  {
    name: 'a quote that is not closed, lines before the end',
    text: 'machines:\n  - resource: "rg/vm\n    logs: logs\nclusters: []\n',
    problems: [
      '6:15 syntax: The quote that opens here is not closed on its line. » Close it with ", or remove it. Inside a quoted text, write it as \\".',
    ],
  },
  {
    name: 'a quote that is not closed, after other values on its line',
    text: 'clusters:\n  - { resource: "rg/a", logs: "logs }\nmachines: []\n',
    problems: [
      '6:31 syntax: The quote that opens here is not closed on its line. » Close it with ", or remove it. Inside a quoted text, write it as \\".',
    ],
  },
  {
    name: 'a quote in a comment, and an unclosed bracket lines before the end',
    text: 'clusters: # of "us\n  - { resource: rg/a\nmachines: []\n',
    problems: [
      '7:1 syntax: The file is not valid YAML: deficient indentation. » Close the quote or the bracket that is open on a line above.',
    ],
  },
  {
    name: 'a bracket that is not closed',
    text: 'machines: [rg/vm\n',
    problems: [
      '6:1 syntax: The file is not valid YAML: deficient indentation. » Close the quote or the bracket that is still open.',
    ],
  },
  {
    name: 'a null byte',
    text: 'clusters: [a/b\u0000]\n',
    problems: [
      '5:15 syntax: The file is not valid YAML: null byte is not allowed in input. » Remove the invisible character, and save the file as UTF-8 text.',
    ],
  },
  {
    name: 'a file that is not UTF-8',
    text: 'clusters: [rg/caf\ufffd]\n',
    problems: [
      "5:18 file-unreadable: The file is not valid UTF-8: this character can't be read. » Save the file as UTF-8.",
    ],
  },
  {
    name: 'too deep nesting',
    text: 'machines: ' + '['.repeat(40) + ']'.repeat(40) + '\n',
    problems: [
      '5:42 syntax: The file is not valid YAML: nesting exceeded maxDepth (32). » Nest less deeply; a topology needs six levels.',
    ],
  },
  {
    name: 'an alias without anchor',
    text: 'machines: *all\n',
    problems: [
      '5:11 syntax: The alias *all has no anchor &all before it. » Mark the value to repeat with &all, or write it out.',
    ],
  },
  {
    name: 'an alias inside the value it repeats',
    text: 'machines: &all [*all]\n',
    problems: [
      '5:17 syntax: The alias *all is inside the value that it repeats. » Write the value out.',
    ],
  },
  {
    name: 'an alias before its anchor, and a foreign tag',
    text: lines('machines: *all', 'clusters: &all !list []', 'waivers: !list', '  []'),
    problems: [
      '5:11 syntax: The alias *all has no anchor &all before it. » Mark the value to repeat with &all, or write it out.',
      '6:16 syntax: The YAML tag "!list" is not supported. » Remove it.',
      '7:10 syntax: The YAML tag "!list" is not supported. » Remove it.',
    ],
  },
  {
    name: 'a tag on a scalar',
    text: 'existingAssociations: !secret adopt\n',
    problems: [
      '5:31 syntax: The YAML tag "!secret" is not supported. » Remove it. To make a value text, put quotes around it.',
    ],
  },
  {
    name: 'a list as key',
    text: lines('? [a]', ': 1'),
    problems: [
      '5:3 syntax: A key must be plain text, not a list, a mapping or an alias. » Write the key as text, in quotes if it starts with {, [ or *.',
    ],
  },
  {
    name: 'an alias as key',
    text: lines('accessModes: &a { query: Open }', '*a : 1'),
    problems: [
      '6:1 syntax: A key must be plain text, not a list, a mapping or an alias. » Write the key as text, in quotes if it starts with {, [ or *.',
    ],
  },
  {
    name: 'an escape for a control character',
    text: 'waivers: [{ code: blackout, reason: "a\\eb", expires: 2027-01-01 }]\n',
    problems: ['5:37 syntax: The text "a\\u001bb" contains a control character. » Remove it.'],
  },
  {
    name: 'half of a surrogate pair',
    text: 'remoteWrite: [{ name: "\\uD800", metrics: m }]\n',
    problems: ['5:23 syntax: The text "\\ud800" contains a control character. » Remove it.'],
  },
  {
    name: 'a byte order mark and Windows line ends, with a mistake',
    file: '\ufeffversion: 1\r\nname: production\r\nsubscription: 11111111-1111-1111-1111-111111111111\r\nprivateLinkScope: rg/a\r\nmachine: []\r\n',
    problems: ['5:1 unknown-key: machine is not a known key. » Did you mean machines?'],
  },
  {
    name: 'a byte order mark before a misspelled first key',
    file: '\ufeff' + head.replace('version', 'vesion'),
    problems: [
      '1:1 missing-key: version is missing. » Add it: version: 1',
      '1:1 unknown-key: vesion is not a known key. » Did you mean version?',
    ],
  },
]

describe('Problems of a topology file: invalid YAML', () => {
  it.each(situations)('$name', (situation) => {
    expect(problemsOf(fileOf(situation))).toEqual(situation.problems)
  })
})
