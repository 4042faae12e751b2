import type {ConfigEvent, LifecycleEvent, PairingEvent} from '../../domain/attempts/event.ts'
import {clean, present} from '../../domain/clean.ts'

type LifecycleLineEvent = LifecycleEvent | ConfigEvent | PairingEvent
type Row = readonly [RegExp, (found: RegExpExecArray) => LifecycleLineEvent]

const number = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits))

/** First match wins: what the subsystems `gateway`, `gateway/reload` and `gateway/shutdown` say of the gateway's own life. */
const rows: readonly Row[] = [
  [/^loading configuration/, () => ({kind: 'gateway-starting'})],
  [
    /^listening on ws:\/\/\S{1,100}?:(\d{1,5})(?:, .{0,400}?)? \(PID (\d+)\)/,
    ([, port, pid]) => ({kind: 'gateway-listening', port: number(port), pid: number(pid)}),
  ],
  [/^http server listening/, () => ({kind: 'gateway-listening', port: null, pid: null})],
  [/^(?:gateway )?ready$/, () => ({kind: 'gateway-ready'})],
  [/^received (SIG\w+); restarting/, ([, signal = null]) => ({kind: 'gateway-stopping', signal, restart: true})],
  [/^received (SIG\w+); shutting down/, ([, signal = null]) => ({kind: 'gateway-stopping', signal, restart: false})],
  [/^(?:(?:shutdown )?started: gateway |(?:admission )?closed: )/, () => ({kind: 'gateway-closing'})],
  [/^(?:shutdown )?completed (?:cleanly )?in \d+ms/, () => ({kind: 'gateway-stopped', clean: true})],
  [/^shutdown timed out/, () => ({kind: 'gateway-stopped', clean: false})],
  [
    /^restart mode: ([^(\n]*)(.*)$/,
    ([, how = '', more = '']) => ({
      kind: 'gateway-respawned',
      how: clean(how.trimEnd()),
      pid: number(/spawned pid (\d+)\)$/.exec(more.slice(-64))?.[1]),
    }),
  ],
  [/^config change detected; evaluating reload \((.*)\)/, ([, what = '']) => ({kind: 'config-changed', what: clean(what)})],
  [/^config hot reload applied \((.*)\)/, ([, what = '']) => ({kind: 'config-applied', what: clean(what)})],
  [/^config change requires gateway restart \((.*)\)/, ([, what = '']) => ({kind: 'config-needs-restart', what: clean(what)})],
  [/^config reload skipped \((.*?)\)(.*)/s, ([, why = '', more = '']) => ({kind: 'config-skipped', what: clean(why + more)})],
  [
    /^device pairing (auto-)?approved device=(\S+)(?: role=(\S+))?/,
    ([, auto, device = '', role]) => ({
      kind: 'device-paired',
      device: clean(device),
      role: present(role) ?? null,
      auto: auto !== undefined,
    }),
  ],
  [
    /^gateway: observed unattributable proxy-shaped traffic from ([^;\s]+)|^Proxy headers detected from untrusted address/,
    ([, remote]) => ({kind: 'proxy-suspected', remote: present(remote) ?? null}),
  ],
  [
    /^ws upgrade error from (\S+): (.*)/s,
    ([, remote, because = '']) => ({kind: 'upgrade-failed', remote: present(remote) ?? null, because: clean(because, 300)}),
  ],
]

export const lifecycleLine = (text: string): LifecycleLineEvent | null => {
  for (const [pattern, create] of rows) {
    const found = pattern.exec(text)
    if (found) return create(found)
  }
  return null
}

/** Written by the process that could not start, into the running gateway's file. */
export const startFailure = (text: string): LifecycleEvent | null => {
  const [, because] = /^Gateway failed to start: (.*)/s.exec(text) ?? []
  return because === undefined ? null : {kind: 'gateway-start-failed', because: clean(because, 300)}
}
