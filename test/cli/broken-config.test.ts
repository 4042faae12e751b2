import {beforeAll, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {freePort} from './free-port.ts'
import {begun, room} from './gatecrab.ts'

beforeAll(built)

type Expected = {gateway: {port: number; is: string}; problems: {id: string; tryThis: string}[]}

test('a config that was broken by hand: the gateway is looked for where it was, and mending the file comes first', async () => {
  using home = room()
  const port = await freePort()
  home.file(
    'openclaw.json.last-good',
    JSON.stringify({
      gateway: {port, auth: {mode: 'token', token: 'abcdefgh'.repeat(6)}},
      logging: {file: home.file('no-such.log')},
    }),
  )
  home.file('openclaw.json', '{ "gateway": { "port": 1, ')
  const {code, stdout} = await begun(['check', '--json'], home.folder).ended
  const {gateway, problems} = JSON.parse(stdout) as Expected
  expect([code, gateway.port]).toEqual([1, port])
  expect(problems[0]?.id).toBe('config-invalid')
  // That the gateway is down follows from it, and is no problem of its own.
  expect(problems.map(({id}) => id)).not.toContainEqual(expect.stringMatching(/^gateway-/))
  expect(['unreachable', 'stopped', 'unknown']).toContain(gateway.is)
  expect(problems[0]?.tryThis).toContain('before any restart')
})

test('a config that is broken: nothing is restarted with it', async () => {
  using home = room()
  home.file('openclaw.json', '{ "gateway": ')
  const {code, stdout, stderr} = await begun(['restart', '--dry-run'], home.folder).ended
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain('Mend it first, `openclaw config validate` says where')
})
