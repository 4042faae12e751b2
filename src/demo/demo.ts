import {existsSync, rmSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {historyOf} from './clients/history.ts'
import {publicOrigin} from './clients/rpc-client.ts'
import {type Scenarios, startScenarios} from './clients/scenarios.ts'
import {restartRequest} from './openclaw/openclaw.ts'
import {writeProfiles} from './profiles.ts'
import {type DemoGateway, startDemoGateway} from './server/gateway.ts'

export type Demo = {folder: string; gateway: DemoGateway; cast: Scenarios; stop: () => Promise<void>}

/** The limit is far off so that the storm shows its own reason, not the limiter's. */
const gateway = {
  trustedProxies: ['127.0.0.1'],
  controlUi: {allowedOrigins: [publicOrigin]},
  auth: {rateLimit: {maxAttempts: 1000}},
}
const agents = {defaults: {model: {primary: 'anthropic/claude-opus-4-6', fallbacks: ['google/gemini-2.5-pro']}}}

/** The demo's own `openclaw gateway restart` leaves a request, since it has no process to signal. */
const answerRestart = (folder: string, gateway: DemoGateway): void => {
  const requestFile = restartRequest(folder)
  if (!existsSync(requestFile)) return
  rmSync(requestFile, {force: true})
  void gateway.restart({downMs: 1200})
}

export const startDemo = async (options: {folder?: string; seed?: number; speed?: number} = {}): Promise<Demo> => {
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'gatecrab-demo-')))
  const now = Date.now()
  const started = await startDemoGateway({
    folder,
    config: {gateway, agents},
    history: (port, logFile) => historyOf(port, now, logFile),
  })
  writeProfiles(folder, now)
  const requests = setInterval(() => answerRestart(folder, started), 100)
  const scenarios = startScenarios(started, options)
  const stop = async (): Promise<void> => {
    clearInterval(requests)
    await scenarios.stop()
    await started.stop()
    if (!options.folder) await rm(folder, {recursive: true, force: true})
  }
  return {folder, gateway: started, cast: scenarios, stop}
}
