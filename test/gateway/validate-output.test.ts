import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {problemsOf} from '../../src/domain/diagnosis/all-problems.ts'
import {configProblems} from '../../src/domain/diagnosis/config-problems.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {readValidation} from '../../src/gateway/validate-output.ts'
import {at, read} from '../domain/event-builders.ts'

const printed = (name: string): string =>
  fs.readFileSync(path.join(import.meta.dirname, '../fixtures/config', `${name}.json`), 'utf8')
const releases = ['2026.3.13', '2026.6.11', '2026.9.6']

describe('what config validate printed', () => {
  test.each(releases)('%s', release => {
    expect(readValidation(printed(`${release}-valid`))).toEqual({isValid: true, issues: []})
    expect(readValidation(printed(`${release}-invalid`))).toEqual({
      isValid: false,
      issues: [
        {path: 'gateway.bind', message: expect.stringMatching(/^Invalid input \(allowed: "auto", "lan", "loopback"/)},
        {path: 'gateway', message: expect.stringMatching(/^Unrecognized key: "zzz"|^Invalid input$/)},
      ],
    })
    expect(readValidation(printed(`${release}-broken`))?.issues[0]).toEqual({
      path: '<root>',
      message: expect.stringContaining('JSON5 parse failed'),
    })
  })

  test.each(['', "error: unknown command 'validate'", '[]', '{"valid":"yes"}', 'null'])('nothing is known from %j', text => {
    expect(readValidation(text)).toBeNull()
  })

  test('a secret in what it says is not taken along', () => {
    const token = 'gk7-0123456789abcdef0123456789abcdef'
    const text = JSON.stringify({valid: false, issues: [{path: 'gateway.auth', message: `Invalid value ${token}\u001b[2J`}]})
    expect(JSON.stringify(readValidation(text))).not.toMatch(/0123456789abcdef|\\u001b/)
  })
})

test('it joins the one verdict, in place of what the log only hints at', () => {
  const world = createWorld()
  applyLine(world, read(1, {kind: 'config-skipped', what: 'invalid config'}))
  const config = {file: '/s/openclaw.json', changedAt: at(0), ...readValidation(printed('2026.9.6-invalid'))!}
  const expected = {world, now: at(5), sources: [], live: null, service: null, copies: null, agents: []}
  expect(problemsOf(expected).map(({id}) => id)).toEqual(['config-invalid'])
  const [found, ...others] = problemsOf({...expected, config})
  expect([found?.id, found?.harm, found?.see, others]).toEqual(['config-not-valid', 'soon', ['/s/openclaw.json'], []])
  expect(found?.because).toContain('gateway.bind: Invalid input')
  expect(configProblems({...config, isValid: true}, at(5), true)).toEqual([])
  const validatedAs = (changedAt: number) => problemsOf({...expected, config: {...config, isValid: true, changedAt}})
  expect(validatedAs(at(0)).map(({id}) => id)).toEqual(['config-invalid'])
  expect(validatedAs(at(2))).toEqual([])
})
