import {expect, test} from 'vitest'
import {emptyText} from '../../src/app/panel-view.ts'
import {panelIds, panels} from '../../src/app/panels/panels.ts'
import {at} from '../domain/event-builders.ts'
import {having, opened, type Session, typed} from './app-driver.ts'

const onEach = (session: Session): string[] =>
  panelIds.map(panel => emptyText(having(session, {type: 'panel-chosen', panel}).state))

const noLog = {name: 'gw.log', state: 'unreadable', because: 'no right', lastLineAt: null} as const
const enforced = {digest: null, fingerprint: null, by: 'unknown' as const, provenAt: null, because: null, acceptsAnything: null}

test('each panel has a title of its own, a word of help, and says why it has no row', () => {
  const titles = panelIds.map(panel => panels[panel].title)
  expect(new Set(titles).size).toBe(titles.length)
  for (const panel of panelIds) expect(panels[panel].about).toMatch(/\S+ \S+/)
  const texts = onEach(opened())
  expect(new Set(texts).size).toBe(texts.length)
  for (const text of texts) expect(text).toMatch(/^[A-Z].*\.$/)
})

test('a filter that nothing matches is why no panel has a row', () => {
  expect(new Set(onEach(typed(opened(), '/ "zz" enter')))).toEqual(new Set(['Nothing matches the filter; esc shows everything.']))
})

test('where no log can be read, the panels that live on one say so, and the others do not', () => {
  const texts = onEach(having(opened(), {type: 'sources-changed', sources: [noLog]}))
  const saying = panelIds.filter((_, i) => texts[i] === 'No log can be read; the line below says why.')
  expect(saying).toEqual(['clients', 'attempts', 'log', 'timeline'])
})

test('a log that is named may be of any gateway: logins and copies say that they are not read, until they are', () => {
  const emptyOn = (session: Session, key: string): string => emptyText(typed(session, key).state)
  expect(emptyOn(opened(), '4')).toContain('not read with --log')
  expect(emptyOn(opened(), '5')).toContain('not read with --log')
  const read = having(opened(), {type: 'copies-read', read: {enforced, copies: [], tokenProblems: [], at: at(60)}})
  expect(emptyOn(read, '4')).toBe('The logins have not been read yet.')
  expect(emptyOn(read, '5')).toBe('The copies of the token have not been read.')
})
