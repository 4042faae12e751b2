import type {Line} from './log.ts'

const line = (subsystem: string, text: string, more: Partial<Line> = {}): Line => ({level: 'INFO', subsystem, text, ...more})
const own = (text: string): Line => line('gateway', text)

const budget = 'drain=315000ms shutdown=325000ms reserve=10000ms exitMargin=5000ms; source=Gateway stop policy=330000ms'
const plugins =
  'anthropic, browser, canvas, cua-computer, device-pair, file-transfer, geolocation, github, linux-node, memory-core, ollama, openai, talk-voice, xai'

export const coldStart: readonly Line[] = [
  own('loading configuration…'),
  own('resolving authentication…'),
  own('starting...'),
  own(`shutdown budget at startup: ${budget}`),
]

export const listening = (pid: number, logFile: string, ms: number): Line[] => [
  own(`spawn broker ready pid=${pid}`),
  own('starting HTTP server...'),
  line('gateway/health-monitor', 'started (interval: 300s, startup-grace: 60s, channel-connect-grace: 120s)'),
  own('agent model: openai/gpt-6-astra (thinking=medium, fast=off)'),
  own(`http server listening (14 plugins: ${plugins}; ${(ms / 1000).toFixed(1)}s)`),
  own(`log file: ${logFile}`),
  own('starting channels and sidecars...'),
]

export const ready: readonly Line[] = [
  own(
    'gateway startup outcomes: internal-hooks=skipped (not-configured); internal-startup-hook=skipped (no-handlers-loaded); gateway-start-hooks=scheduled; gmail-watcher=skipped (hooks-disabled); gmail-model=skipped (not-configured)',
  ),
  own('gateway ready'),
  line('gateway/heartbeat', 'heartbeat: started', {meta: {intervalMs: 1_800_000}}),
]

const admission = (why: string): Line => line('gateway/admission', `admission closed: ${why}`)
const draining = own(`shutdown budget at shutdown: ${budget}`)

export const stopping: readonly Line[] = [
  admission('stop (SIGTERM)'),
  own('received SIGTERM; shutting down'),
  draining,
  own('active-work drain settled; beginning server close'),
]

export const restarting: readonly Line[] = [
  admission('restart-signal fence'),
  admission('restart (SIGUSR2)'),
  own('received SIGUSR2; restarting'),
  draining,
]

export const stopped = (ms: number): Line[] => [
  line('gmail-watcher', 'gmail watcher stopped'),
  line('gateway/shutdown', `shutdown completed cleanly in ${ms}ms`),
]

export const sameProcess = own('restart mode: in-process restart (container: use in-process restart to keep PID 1 alive)')

export const configChanged = (paths: readonly string[]): Line =>
  line('gateway/reload', `config change detected; evaluating reload (${paths.join(', ')})`)
export const configApplied = (paths: readonly string[]): Line =>
  line('gateway/reload', `config hot reload applied (${paths.join(', ')})`)
export const configNeedsRestart = (paths: readonly string[]): Line =>
  line('gateway/reload', `config change requires gateway restart (${paths.join(', ')})`, {level: 'WARN'})
export const configSkipped = (problem: string): Line =>
  line('gateway/reload', `config reload skipped (invalid config): ${problem}`, {level: 'WARN'})
