import {describe, expect, test} from 'vitest'
import {readChange, readRestartRequest} from '../../src/gateway/change-audit.ts'

/** As 2026.9.6 keeps it in its database, and 2026.6.11 in its file; only the paths are others. */
const remaining = {
  '2026.9.6':
    '{"ts":"2026-11-21T15:34:45.899Z","source":"config-io","event":"config.write","configPath":"/home/ops/.openclaw/openclaw.json","pid":21878,"ppid":21870,"cwd":"/tmp","argv":["/opt/node/bin/node","/opt/openclaw/node_modules/.bin/openclaw","config","set","gateway.controlUi.enabled","true"],"execArgv":["--disable-warning=ExperimentalWarning"],"watchMode":false,"watchSession":null,"watchCommand":null,"existsBefore":true,"previousHash":"e99bf431f3ff3191dfcb5f145edd5c819df2dd7271d342e717d802d1519462a8","nextHash":"3dc189635e8e7b957234c1304a04df755ab50125279f680a304e8b30813dc816","previousBytes":248,"nextBytes":471,"previousDev":"65024","previousIno":"2449438","previousMode":384,"previousNlink":1,"previousUid":0,"previousGid":0,"changedPathCount":3,"changedPaths":["gateway.controlUi","gateway.controlUi.enabled","plugins.installs"],"origin":"cli","hasMetaBefore":true,"hasMetaAfter":true,"gatewayModeBefore":"local","gatewayModeAfter":"local","suspicious":[],"result":"rename","nextDev":"65024","nextIno":"2449428","nextMode":384,"nextNlink":1,"nextUid":0,"nextGid":0}',
  '2026.6.11':
    '{"ts":"2026-11-21T15:34:54.451Z","source":"config-io","event":"config.write","configPath":"/home/ops/.openclaw/openclaw.json","pid":22285,"ppid":22274,"cwd":"/tmp","argv":["/opt/node/bin/node","/opt/openclaw/node_modules/.bin/openclaw","config","set","gateway.controlUi.enabled","true"],"execArgv":["--disable-warning=ExperimentalWarning"],"watchMode":false,"watchSession":null,"watchCommand":null,"existsBefore":true,"previousHash":"a483c3ed7a1d52bdd74a79317edf6de084c35ffb434a8b4254eba5f5f79ba519","nextHash":"452258390e627e81dc8991b1f950dc5f62a6cf4cdb79d276955393af2fe45344","previousBytes":249,"nextBytes":421,"previousDev":"65024","previousIno":"2433044","previousMode":384,"previousNlink":1,"previousUid":0,"previousGid":0,"changedPathCount":null,"hasMetaBefore":true,"hasMetaAfter":true,"gatewayModeBefore":"local","gatewayModeAfter":"local","suspicious":[],"result":"rename","nextDev":"65024","nextIno":"2433056","nextMode":384,"nextNlink":1,"nextUid":0,"nextGid":0}',
} as const

const by = (...argv: string[]): string | undefined =>
  readChange(JSON.stringify({...JSON.parse(remaining['2026.6.11']), argv: ['/opt/node', '/opt/bin/openclaw', ...argv]}))?.by

describe('who wrote the config', () => {
  test('as 2026.9.6 keeps it', () => {
    expect(readChange(remaining['2026.9.6'])).toEqual({
      at: Date.parse('2026-11-21T15:34:45.899Z'),
      by: 'openclaw config set gateway.controlUi.enabled',
      pid: 21878,
      paths: ['gateway.controlUi', 'gateway.controlUi.enabled', 'plugins.installs'],
      isSuspicious: false,
    })
  })

  test('as 2026.6.11 keeps it', () => {
    expect(readChange(remaining['2026.6.11'])).toMatchObject({by: 'openclaw config set gateway.controlUi.enabled', paths: []})
  })

  test('no value of a setting is taken along, wherever it stands', () => {
    const token = 'gk-secret-0123456789abcdef'
    expect(by('config', 'set', 'gateway.auth.token', token)).toBe('openclaw config set gateway.auth.token')
    expect(by('onboard', '--gateway-token', token)).toBe('openclaw onboard')
    expect(by('--profile', token, 'config')).toBe('openclaw')
    expect(by('config', 'set', '--json', token)).toBe('openclaw config set')
    expect(by('config', token)).toBe('openclaw config')
    expect(by()).toBe('openclaw')
  })

  test('a writer without a command line goes by what it calls itself, cleaned', () => {
    const gateway = {...JSON.parse(remaining['2026.9.6']), argv: ['/opt/node'], origin: 'gate\u001b[31mway'}
    expect(readChange(JSON.stringify(gateway))?.by).toBe('gateway')
    expect(readChange(JSON.stringify({...gateway, origin: undefined}))?.by).toBe('a process')
  })

  test.each([
    '',
    'not json',
    '{}',
    '{"ts":"x","event":"config.write"}',
    '{"ts":"2026-11-21T15:34:54.451Z","event":"config.observe"}',
  ])('another line is none: %s', text => expect(readChange(text)).toBeNull())
})

describe('who asked for a restart', () => {
  test('as 2026.9.6 writes it', () => {
    const line =
      '[2026-11-21T15:35:16.524Z] openclaw gateway lifecycle source=cli action=restart mode=rpc pid=28138 interactive=0'
    expect(readRestartRequest(line)).toEqual({
      at: Date.parse('2026-11-21T15:35:16.524Z'),
      by: 'cli',
      how: 'restart (rpc)',
      pid: 28138,
    })
  })

  test.each(['', '[yesterday] openclaw gateway lifecycle source=cli action=restart', 'gateway restarted'])(
    'another line is none: %s',
    text => expect(readRestartRequest(text)).toBeNull(),
  )
})
