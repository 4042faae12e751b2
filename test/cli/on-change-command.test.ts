import {once} from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {openingState} from '../../src/app/state.ts'
import {createOnChange, type OnChange} from '../../src/cli/on-change/command.ts'
import {type ChangeJson, changeJson, changeVariables} from '../../src/cli/on-change/document.ts'
import {recipes} from '../../src/cli/on-change/help.ts'
import type {Transition} from '../../src/domain/alerts/transitions.ts'
import type {Failure} from '../../src/domain/failure.ts'
import {isAlive} from './alive.ts'
import {type Room, room} from './gatecrab.ts'

const now = Date.parse('2026-11-21T10:00:00Z')
const state = openingState({kind: 'live', host: 'mini', release: '2026.9.6', port: 18_789, now, readonly: false})

const transition = (more: Partial<Transition> = {}): Transition => ({
  ...{event: 'gateway-gone', change: 'began', urgency: 'urgent', text: 'The gateway has stopped', at: now - 10_000},
  problem: {
    ...{id: 'gateway-stopped', layer: 'lifecycle', harm: 'broken', title: 'The gateway has stopped', because: 'Why.'},
    ...{tryThis: 'gatecrab restart', since: now - 10_000, count: 1, sure: 'certain', evidence: []},
  },
  ...more,
})
const change = (more: Partial<Transition> = {}): ChangeJson => changeJson(transition(more), state)

const begin = (command: (folder: string) => string, timeoutMs?: number) => {
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  const failures: Failure[] = []
  const options = timeoutMs === undefined ? {} : {timeoutMs}
  const onChange = createOnChange({command: command(home.folder), onFailure: one => failures.push(one), ...options})
  onTestFinished(() => onChange.end())
  return {home, failures, onChange}
}

const textIn = ({folder}: Room, name: string): string => {
  const file = path.join(folder, name)
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
}

const several = (onChange: OnChange, count: number): void => {
  for (let n = 0; n < count; n += 1) onChange.run(change({text: `change ${n}`}))
}

describe('the command of --on-change', () => {
  test('is given the change as JSON on its standard input, and the short of it in its environment', async () => {
    const {home, failures, onChange} = begin(folder => `cat >${folder}/in; env | grep ^GATECRAB_ | sort >${folder}/env`)
    onChange.run(change())
    await onChange.drained()
    expect(failures).toEqual([])
    expect(JSON.parse(textIn(home, 'in'))).toMatchObject({
      ...{event: 'gateway-gone', change: 'began', urgency: 'urgent', summary: 'The gateway has stopped', host: 'mini'},
      ...{at: '2026-11-21T09:59:50.000Z', now: '2026-11-21T10:00:00.000Z', dropped: 0},
      gateway: {is: 'unknown', port: 18_789, version: '2026.9.6'},
      problem: {id: 'gateway-stopped', since: '2026-11-21T09:59:50.000Z', tryThis: 'gatecrab restart', evidence: []},
    })
    expect(textIn(home, 'env').trim().split('\n')).toEqual(
      expect.arrayContaining([
        'GATECRAB_EVENT=gateway-gone',
        'GATECRAB_CHANGE=began',
        'GATECRAB_HARM=broken',
        'GATECRAB_HOST=mini',
        'GATECRAB_PROBLEM=gateway-stopped',
        'GATECRAB_SUMMARY=The gateway has stopped',
        'GATECRAB_DO=gatecrab restart',
      ]),
    )
  })

  test("strangers' text is no command, no control character, and not long", async () => {
    const text = `x"; touch $HOME/hit; $(touch $HOME/hit) \`touch hit\`\u001b]0;a\u0007\n\u202e${'y'.repeat(9000)}`
    const {home, onChange} = begin(folder => `cd ${folder}; printf '%s' "$GATECRAB_SUMMARY" >out`)
    onChange.run(change({text}))
    await onChange.drained()
    expect(fs.readdirSync(home.folder)).toEqual(['out'])
    expect(textIn(home, 'out')).toMatch(/^x"; touch \$HOME\/hit; \$\(touch \$HOME\/hit\) `touch hit` y+…$/)
    expect(textIn(home, 'out').length).toBeLessThan(600)
    expect(Object.values(changeVariables(change({text}))).join('')).not.toMatch(/[\u0000-\u001f\u202e]/)
  })

  test('never runs twice at once, and runs in order', async () => {
    const {home, onChange} = begin(
      folder => `cd ${folder}; mkdir running || echo both >>order; sleep 0.02; echo "$GATECRAB_SUMMARY" >>order; rmdir running`,
    )
    several(onChange, 8)
    await onChange.drained()
    expect(textIn(home, 'order')).toBe(Array.from({length: 8}, (_, n) => `change ${n}\n`).join(''))
  })

  test('twenty wait; then the oldest is dropped, counted for the next, and said once', async () => {
    const {home, failures, onChange} = begin(folder => `cat >>${folder}/in; until [ -e ${folder}/go ]; do sleep 0.02; done`)
    several(onChange, 25)
    expect(failures.map(({title}) => title)).toEqual(['A change was not passed to --on-change'])
    home.file('go', '')
    await onChange.drained()
    const ran = textIn(home, 'in')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as {summary: string; dropped: number})
    expect(ran).toHaveLength(21)
    expect(ran.map(({summary, dropped}) => `${summary} ${dropped}`).slice(0, 3)).toEqual([
      'change 0 0',
      'change 5 4',
      'change 6 0',
    ])
  })

  test('that takes too long is ended with all that it started, and the next one runs', async () => {
    const {home, failures, onChange} = begin(
      folder => `echo "$GATECRAB_SUMMARY" >>${folder}/ran; [ -e ${folder}/pid ] || { sleep 600 & echo $! >${folder}/pid; wait; }`,
      500,
    )
    several(onChange, 2)
    await onChange.drained()
    expect(isAlive(Number(textIn(home, 'pid')))).toBe(false)
    expect(textIn(home, 'ran')).toBe('change 0\nchange 1\n')
    expect(failures).toMatchObject([{because: 'it took longer than 0.5 s, and was ended'}])
  })

  test('that fails is told once with its last line and never by its own words, and again after a success', async () => {
    const {home, failures, onChange} = begin(folder => `[ -e ${folder}/ok ] || { echo "no \u001b[31mroute" >&2; exit 7; }`)
    several(onChange, 5)
    await onChange.drained()
    expect(failures).toMatchObject([{title: 'The command of --on-change failed', because: 'it ended with 7: no route'}])
    expect(JSON.stringify(failures)).not.toContain(home.folder)
    home.file('ok', '')
    several(onChange, 1)
    await onChange.drained()
    fs.rmSync(home.file('ok'))
    several(onChange, 2)
    await onChange.drained()
    expect(failures).toHaveLength(2)
  })

  test('is ended when gatecrab ends, without a complaint, and no other begins', async () => {
    const {home, failures, onChange} = begin(folder => `echo x >>${folder}/ran; sleep 600`)
    several(onChange, 3)
    await vi.waitUntil(() => textIn(home, 'ran') !== '', {timeout: 20_000})
    await onChange.end()
    several(onChange, 1)
    expect([textIn(home, 'ran'), failures]).toEqual(['x\n', []])
  })
})

describe('the examples of gatecrab help on-change', () => {
  type Call = {path: string; headers: http.IncomingHttpHeaders; body: string}

  const server = async () => {
    const calls: Call[] = []
    const listening = http.createServer(async (request, response) => {
      let body = ''
      for await (const part of request) body += String(part)
      calls.push({path: request.url ?? '', headers: request.headers, body})
      response.end()
    })
    listening.listen(0, '127.0.0.1')
    onTestFinished(() => void listening.close())
    await once(listening, 'listening')
    return {calls, url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`}
  }

  const play = async (recipe: string): Promise<readonly Failure[]> => {
    const {failures, onChange} = begin(() => recipe)
    onChange.run(change())
    await onChange.drained()
    return failures
  }

  test('ntfy: title, priority and sentence', async () => {
    const {calls, url} = await server()
    expect(await play(recipes.ntfy.replace('https://ntfy.sh', url))).toEqual([])
    expect(calls).toMatchObject([
      {path: '/YOUR-TOPIC', headers: {title: 'mini: gateway-gone', priority: 'urgent'}, body: 'The gateway has stopped'},
    ])
  })

  test('a webhook: the whole document', async () => {
    const {calls, url} = await server()
    expect(await play(recipes.webhook.replace('https://hooks.example.org', url))).toEqual([])
    expect(calls).toMatchObject([{path: '/gatecrab', headers: {'content-type': 'application/json'}}])
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({event: 'gateway-gone', problem: {id: 'gateway-stopped'}})
  })

  test('a webhook that refuses: the failure is told', async () => {
    expect(await play(recipes.webhook.replace('https://hooks.example.org', 'http://127.0.0.1:1'))).toMatchObject([
      {because: expect.stringMatching(/^it ended with 7: curl: \(7\)/)},
    ])
  })

  test('mail: subject, and what helps', async () => {
    const home = room()
    onTestFinished(() => home[Symbol.dispose]())
    fs.writeFileSync(
      path.join(home.folder, 'mail'),
      `#!/bin/sh\nprintf '%s|' "$@" >${home.folder}/args; cat >${home.folder}/body\n`,
      {mode: 0o755},
    )
    expect(await play(`PATH=${home.folder}:$PATH; ${recipes.mail}`)).toEqual([])
    expect(textIn(home, 'args')).toBe('-s|mini: gateway-gone|ops@example.org|')
    expect(textIn(home, 'body')).toBe('The gateway has stopped\nWhy.\ngatecrab restart\n')
  })
})
