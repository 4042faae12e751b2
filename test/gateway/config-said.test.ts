import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {ofConfig} from '../../src/domain/config-judged.ts'
import {problemsOf} from '../../src/domain/diagnosis/diagnosis-all.ts'
import {hear} from '../../src/domain/world/hear.ts'
import {newWorld} from '../../src/domain/world/world.ts'
import {readConfigSaid} from '../../src/gateway/config-said.ts'
import {at, told} from '../domain/telling.ts'

const printed = (name: string): string =>
  fs.readFileSync(path.join(import.meta.dirname, '../fixtures/config', `${name}.json`), 'utf8')
const releases = ['2026.3.13', '2026.6.11', '2026.9.6']

describe('what config validate printed', () => {
  test.each(releases)('%s', release => {
    expect(readConfigSaid(printed(`${release}-valid`))).toEqual({isValid: true, issues: []})
    expect(readConfigSaid(printed(`${release}-invalid`))).toEqual({
      isValid: false,
      issues: [
        {path: 'gateway.bind', message: expect.stringMatching(/^Invalid input \(allowed: "auto", "lan", "loopback"/)},
        {path: 'gateway', message: expect.stringMatching(/^Unrecognized key: "zzz"|^Invalid input$/)},
      ],
    })
    expect(readConfigSaid(printed(`${release}-broken`))?.issues[0]).toEqual({
      path: '<root>',
      message: expect.stringContaining('JSON5 parse failed'),
    })
  })

  test.each(['', "error: unknown command 'validate'", '[]', '{"valid":"yes"}', 'null'])('nothing is known from %j', text => {
    expect(readConfigSaid(text)).toBeNull()
  })

  test('a secret in what it says is not taken along', () => {
    const token = 'gk7-0123456789abcdef0123456789abcdef'
    const said = JSON.stringify({valid: false, issues: [{path: 'gateway.auth', message: `Invalid value ${token}\u001b[2J`}]})
    expect(JSON.stringify(readConfigSaid(said))).not.toMatch(/0123456789abcdef|\\u001b/)
  })
})

test('it joins the one verdict, in place of what the log only hints at', () => {
  const world = newWorld()
  hear(world, told(1, {kind: 'config-skipped', what: 'invalid config'}))
  const config = {file: '/s/openclaw.json', changedAt: at(0), ...readConfigSaid(printed('2026.9.6-invalid'))!}
  const known = {world, now: at(5), sources: [], live: null, service: null, copies: null, agents: []}
  expect(problemsOf(known).map(({id}) => id)).toEqual(['config-invalid'])
  const [found, ...others] = problemsOf({...known, config})
  expect([found?.id, found?.harm, found?.see, others]).toEqual(['config-not-valid', 'soon', ['/s/openclaw.json'], []])
  expect(found?.because).toContain('gateway.bind: Invalid input')
  expect(ofConfig({...config, isValid: true}, at(5), true)).toEqual([])
  const judgedValid = (changedAt: number) => problemsOf({...known, config: {...config, isValid: true, changedAt}})
  expect(judgedValid(at(0)).map(({id}) => id)).toEqual(['config-invalid'])
  expect(judgedValid(at(2))).toEqual([])
})
