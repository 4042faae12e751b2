import fs from 'node:fs'
import path from 'node:path'
import {type Demo, startDemo} from '../../demo/demo.ts'
import {hourMs} from '../../domain/durations.ts'
import {createLiveNow} from '../../domain/live/live-state.ts'
import {type GatewayContext, resolveContext} from '../../runtime/context.ts'
import type {GatewayTarget} from '../../runtime/gateway-target.ts'
import {version} from '../../runtime/version.ts'
import {liveFeed} from '../../runtime/watchers/live.ts'
import {readHostEnv} from '../../sources/service/host-env.ts'
import {configAt} from '../../sources/service/installed.ts'
import type {CopyLocations} from '../../sources/token/places.ts'
import {type Command, type ExitCode, exit} from '../command.ts'
import {isInteractive} from '../interactive.ts'
import {alertFlags} from '../on-change/flags.ts'
import {type Args, screenFlags} from '../options.ts'
import {inMarkdown} from '../print/report-text.ts'
import {printSummary} from '../print/summary.ts'
import {runScreen} from './screen.ts'

const release = '2026.9.6'

const demoGateway = ({folder, gateway}: Demo): CopyLocations => {
  const hostEnv = {...readHostEnv(), home: folder, env: {}}
  const locationOverrides = {stateDir: folder, configFile: gateway.configFile, profile: null}
  return {
    overrides: locationOverrides,
    hostEnv,
    release,
    stateDir: folder,
    configFile: gateway.configFile,
    port: gateway.port,
    pid: null,
  }
}

/** Its clients are parts of our own process: the system's list of connections would tell nothing of them. */
const demoTarget = (demo: Demo): GatewayTarget => {
  const {url, configFile, folder, port} = demo.gateway
  const address = {host: '127.0.0.1', port, agent: `gatecrab/${version}`, ownedBy: [configFile]}
  const place = {configFile, stateDir: folder, url, address, fingerprint: null}
  return {...place, gateway: demoGateway(demo), isLocal: true, release, port: null}
}

/** The commands of the demo are about the demo's gateway, and its `openclaw` is ours. */
const demoContext = ({options}: Args, {folder, gateway}: Demo): GatewayContext => {
  const ours = [process.execPath, process.argv[1] ?? '', 'demo-openclaw', folder].map(word => `"${word}"`).join(' ')
  const where = {stateDir: folder, configFile: gateway.configFile, logs: [gateway.logFile]}
  return resolveContext({...options, ...where, openclaw: ours, release})
}

/** The screen on a gateway of our own, in a folder that is thrown away. */
export const runDemo = async (args: Args, text: string | null): Promise<ExitCode> => {
  const demo = await startDemo()
  process.once('exit', () => fs.rmSync(demo.folder, {recursive: true, force: true}))
  // Its plans, their runner's too, are kept with it: what one tries here is no history of the real gateway.
  process.env['GATECRAB_STATE_DIR'] = path.join(demo.folder, 'gatecrab')
  try {
    if (text !== null) process.stdout.write(`${text}\n`)
    if (!isInteractive(args)) return await printSummary(demoContext(args, demo))
    return await runScreen(
      args,
      {
        kind: 'demo',
        host: 'demo',
        release,
        port: demo.gateway.port,
        now: Date.now(),
        readonly: args.flag('readonly'),
        readingHistory: true,
        foundNone: text !== null,
        trustedProxies: configAt(demo.gateway.configFile).config.trustedProxies,
        live: createLiveNow(process.pid),
      },
      (store, services) => {
        return liveFeed(
          {
            places: [{kind: 'file', file: demo.gateway.logFile}],
            consoles: [],
            systemdUnit: null,
            piped: null,
            container: null,
            since: Date.now() - hourMs,
            gateway: demoGateway(demo),
            target: demoTarget(demo),
            context: demoContext(args, demo),
          },
          store,
          {...services, reportText: inMarkdown},
        )
      },
    )
  } finally {
    await demo.stop()
  }
}

export const demo: Command = {
  words: 'demo',
  about: 'the screen on a gateway of our own, in a throw-away folder',
  flags: alertFlags,
  common: [...screenFlags, 'readonly'],
  run: args => runDemo(args, null).then(code => code || exit.fine),
}
