import {panelIds, panels} from './panels/panels.ts'

/** What may be typed behind `/`; a row each for the help, the README and `--help`. */
export const filterForms: readonly (readonly [string, string])[] = [
  ['token cli', 'rows with both words; quotes keep words together'],
  ['reason:token', 'in this field; Tab names the fields'],
  ['!cli !mode:node', 'rows without it'],
  ['count>10 code>=1008', 'a number: > >= < <='],
  ['/^closed.*(cli|node)/', 'a regular expression, also from:/^10\\./ ; no look-around, no back-references'],
  ['warn', 'in the log: that level and worse'],
]

export const filterFields: readonly (readonly [string, string])[] = panelIds.map(panel => [
  panels[panel].title,
  panels[panel].fields.join(' '),
])
