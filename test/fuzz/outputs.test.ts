import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import {describe, expect} from 'vitest'
import {readChange, readRestartRequest} from '../../src/gateway/change-audit.ts'
import {commandError, documentIn, readConfigFile, readHealth, readRestart, readVersion} from '../../src/gateway/cli-output.ts'
import {readInspected} from '../../src/gateway/container/inspected.ts'
import {readStamped} from '../../src/gateway/container/stamped-line.ts'
import {pairedIn, pendingIn, readDeviceList, rowsOfFile} from '../../src/gateway/devices/store.ts'
import {readCells} from '../../src/gateway/fleet.ts'
import {isWorthReading, readFrame} from '../../src/gateway/frames/frames.ts'
import {isDeep, jsonIn} from '../../src/gateway/json.ts'
import {statusOf} from '../../src/gateway/logins/status.ts'
import {contentsOf} from '../../src/gateway/logins/store.ts'
import {differenceOf, programIn} from '../../src/gateway/service/env.ts'
import {readPlist, readUnit, releaseIn, tokenFlag, unitParts} from '../../src/gateway/service/files.ts'
import {isEnabledIn, labelOf, readJob} from '../../src/gateway/service/launchd.ts'
import {readGatewayLock} from '../../src/gateway/service/lock-file.ts'
import {readPowerLog, sleepsIn} from '../../src/gateway/service/power-log.ts'
import {readLsof} from '../../src/gateway/service/socket-lsof.ts'
import {readNetstat} from '../../src/gateway/service/socket-netstat.ts'
import {accountsIn, listenersIn, readProcNet} from '../../src/gateway/service/socket-proc.ts'
import {accountsOf, programsIn} from '../../src/gateway/service/socket-program.ts'
import {listed} from '../../src/gateway/service/socket-table.ts'
import {readUnitState} from '../../src/gateway/service/systemd.ts'
import {localFailure, sshFailure} from '../../src/gateway/ssh-output.ts'
import {leakedIn} from '../../src/gateway/token/audit.ts'
import {readValidation} from '../../src/gateway/validate-output.ts'
import {stringsIn, unsafeTexts} from '../gateway/unsafe-text.ts'
import {fixturesIn, textsIn} from './corpus.ts'
import {fuzz} from './fuzz.ts'
import {mutated} from './mutations.ts'

type Reader = {
  name: string
  corpus: readonly string[]
  read: (printed: string) => unknown
  /** What comes of it is shown as it is; of other readers it names files and programs, which are cleaned where they are shown. */
  isShown: boolean
}

/** What commands of OpenClaw printed, each release its own. */
const cli = textsIn('stubs', file => file.includes('/captures/') && /\.(?:json|txt|err)$/.test(file))
const named = (folder: string, part: RegExp): string[] =>
  fixturesIn(folder, file => part.test(path.basename(file))).map(file => fs.readFileSync(file, 'utf8'))

const deviceList = JSON.stringify({
  pending: [
    {
      requestId: 'r-1',
      deviceId: 'd1',
      displayName: 'Phone',
      platform: 'ios',
      role: 'node',
      scopes: ['a'],
      ts: 1,
      isRepair: false,
    },
  ],
  paired: [
    {
      deviceId: 'd2',
      displayName: 'Mac',
      roles: ['operator'],
      approvedAtMs: 5,
      tokens: {operator: {role: 'operator', scopes: []}},
    },
  ],
})
const status = JSON.stringify({
  agentId: 'main',
  auth: {
    storePath: '/Users/ops/.openclaw/agents/main/auth.json',
    unusableProfiles: [{profileId: 'anthropic:work', kind: 'cooldown', reason: 'rate_limit', until: 1_800_000_000_000}],
    oauth: {
      profiles: [
        {profileId: 'anthropic:work', provider: 'anthropic', type: 'oauth', status: 'expiring', expiresAt: 1_800_000_000_000},
      ],
    },
  },
})
const change =
  '{"ts":"2026-11-21T10:00:00.000Z","event":"config.write","argv":["node","/opt/openclaw/dist/index.js","config","set","gateway.auth.token","x"],"pid":7,"changedPaths":["gateway.auth.token"]}'
const lock = '{"pid":4121,"configPath":"/home/ops/.openclaw/openclaw.json","port":18789,"startTime":123}      '
const processes =
  ' 4121 /usr/bin/node /opt/openclaw/dist/index.js gateway\n 77 /Applications/OpenClaw.app/Contents/MacOS/OpenClaw -x\n'
const accounts = ' 4121  1000 ops\n 77 0 root\nroot:x:0:0:root:/root:/bin/sh\nops:x:1000:1000::/home/ops:/bin/bash\n'
const restarts = [
  '{"ok":true,"result":"restarted","restart":{"pid":5}}',
  '{"ok":false,"error":"Gateway was not signaled","hints":["a"]}',
  'warn {x}\n{"ok":true,"result":"scheduled","warnings":["w"]}\nbye }',
]
const validation = '{"valid":false,"issues":[{"path":"gateway.port","message":"expected number"}]}'
const ssh = [
  'ssh: connect to host mini port 22: No route to host',
  'ops@mini: Permission denied (publickey).',
  '@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@',
  'sh: 1: exec: gatecrab: not found',
]
const end = {code: 255, problem: null}

const readers: readonly Reader[] = [
  {name: 'devices list', corpus: [deviceList, ...cli], read: readDeviceList, isShown: true},
  {
    name: 'devices file',
    corpus: textsIn('devices', file => file.endsWith('.json')),
    read: text => [pairedIn(rowsOfFile(text) ?? []), pendingIn(rowsOfFile(text) ?? [])],
    isShown: true,
  },
  {name: 'models status', corpus: [status, ...cli], read: text => statusOf(documentIn(text)), isShown: true},
  {
    name: 'login store',
    corpus: named('profiles', /^auth-(?:profiles|state)\.json$/),
    read: text => contentsOf(jsonIn(text), jsonIn(text)),
    isShown: true,
  },
  {name: 'gateway restart', corpus: [...restarts, ...cli], read: text => readRestart(text, ''), isShown: false},
  {name: 'gateway health', corpus: cli, read: text => [readHealth(text), commandError(text), readVersion(text)], isShown: false},
  {name: 'config file', corpus: cli, read: text => readConfigFile(text, '/home/ops'), isShown: false},
  {name: 'config validate', corpus: [validation, ...cli], read: readValidation, isShown: true},
  {
    name: 'fleet list',
    corpus: ['{"cells":[{"tenant":"a-1"},{"tenant":"b"}]}'],
    read: text => readCells(text, '/s'),
    isShown: true,
  },
  {name: 'config audit', corpus: [change], read: text => [readChange(text), readRestartRequest(text)], isShown: true},
  {name: 'leaked tokens', corpus: [change, ...cli], read: leakedIn, isShown: true},
  {name: 'systemctl show', corpus: named('service', /^systemctl/), read: text => readUnitState(text, 5), isShown: true},
  {
    name: 'systemd unit',
    corpus: named('copies', /\.unit$/),
    read: text => {
      const unit = readUnit(unitParts(`# /etc/systemd/system/a.service\n${text}`), '/home/ops')
      const variables = new Map(unit.variables.map(({key, value}) => [key, value]))
      return [tokenFlag(unit.args), programIn(unit.args, '1'), differenceOf(variables, {HOME: '/root'})]
    },
    isShown: false,
  },
  {
    name: 'launchctl print',
    corpus: [...named('service', /^launchctl/), ...named('macos', /^launchctl/)],
    read: readJob,
    isShown: true,
  },
  {
    name: 'launchctl list',
    corpus: named('macos', /^launchctl-(?:list|print-disabled)/),
    read: text => [labelOf(text, 4121), isEnabledIn(text, 'ai.openclaw.gateway')],
    isShown: true,
  },
  {name: 'plist', corpus: named('copies', /\.plist$/), read: readPlist, isShown: false},
  {name: 'package.json', corpus: ['{"name":"openclaw","version":"2026.9.6"}'], read: releaseIn, isShown: false},
  {name: 'gateway lock', corpus: [lock], read: readGatewayLock, isShown: false},
  {
    name: 'pmset',
    corpus: [...named('service', /^pmset/), ...named('macos', /^pmset/)],
    read: text => sleepsIn(readPowerLog(text)),
    isShown: true,
  },
  {
    name: 'lsof',
    corpus: [...named('sockets', /^lsof/), ...named('macos', /^lsof-fields/)],
    read: text => listed(readLsof(text), 18_789),
    isShown: true,
  },
  {
    name: 'netstat',
    corpus: named('macos', /^netstat/),
    read: text => listed(readNetstat(text, 18_789) ?? [], 18_789),
    isShown: true,
  },
  {
    name: '/proc/net/tcp',
    corpus: named('sockets', /^proc-net/),
    read: text => [listed(readProcNet(text, 18_789), 18_789), listenersIn(text)],
    isShown: true,
  },
  {
    name: 'ps',
    corpus: [processes, accounts],
    read: text => [programsIn(text), accountsOf(text), accountsIn(text)],
    isShown: true,
  },
  {
    name: 'docker inspect',
    corpus: [...named('container', /^inspect/), ...textsIn('stubs', file => /inspect/.test(file))],
    read: text => readInspected(text, {command: 'docker', words: ['docker']}),
    isShown: false,
  },
  {name: 'docker logs', corpus: named('container', /^console/), read: readStamped, isShown: false},
  {
    name: 'ssh',
    corpus: ssh,
    read: stderr => [sshFailure('mini', {...end, stderr}), localFailure('cell a', {...end, stderr})],
    isShown: true,
  },
]

/** A file of a megabyte is no output of a command; its beginning has all of its forms. */
const maxCorpusLength = 20_000

describe('what other programs print', () => {
  for (const {name, corpus, read, isShown} of readers) {
    fuzz(name, {
      inputs: mutated(corpus.map(text => text.slice(0, maxCorpusLength))),
      count: 120,
      run: read,
      check: found => {
        if (isShown) expect(unsafeTexts(found)).toEqual([])
      },
    })
  }
})

const frames = textsIn('frames').flatMap(text => text.split('\n').filter(Boolean))
const maxFrameText = 400

describe('what a gateway says over its socket', () => {
  fuzz('WebSocket frame', {
    inputs: fc.oneof(mutated(frames), mutated(frames.filter(frame => frame.length < 2000))),
    count: 800,
    run: raw => {
      const bytes = Buffer.from(raw)
      return isWorthReading(bytes.toString('latin1', 0, 120)) && !isDeep(bytes) ? readFrame(bytes.toString()) : null
    },
    check: frame => {
      expect(unsafeTexts(frame)).toEqual([])
      for (const text of stringsIn(frame)) expect(text.length).toBeLessThan(maxFrameText)
    },
  })
})
