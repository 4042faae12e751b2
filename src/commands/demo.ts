import fs from 'node:fs'
import {type Demo, startDemo} from '../demo/demo.ts'
import {hourMs} from '../domain/durations.ts'
import {newLiveNow} from '../domain/live/live-now.ts'
import {configAt} from '../sources/service/installed.ts'
import {surroundings} from '../sources/service/surroundings.ts'
import type {CopiesWanted} from '../sources/token/token-places.ts'
import {type Command, type ExitCode, exit} from './command.ts'
import type {Given} from './flags.ts'
import {glance} from './known/glance.ts'
import type {Heeded} from './known/heeded.ts'
import {alertFlag} from './screen/alert.ts'
import {liveFeed} from './screen/live-feed.ts'
import {runScreen} from './screen/screen.ts'
import {isInteractive} from './screen/terminal.ts'
import {version} from './version.ts'

const release = '2026.9.6'

const named = (given: Given, logFile: string): Given => ({
  ...given,
  list: flag => (flag === 'log' ? [logFile] : given.list(flag)),
})

const demoGateway = ({folder, gateway}: Demo): CopiesWanted => {
  const around = {...surroundings(), home: folder, env: {}}
  const wanted = {stateDir: folder, configFile: gateway.configFile, profile: null}
  return {wanted, around, release, stateDir: folder, configFile: gateway.configFile, port: gateway.port, pid: null}
}

/** Its clients are parts of our own process: the system's list of connections would tell nothing of them. */
const demoHeeded = (demo: Demo): Heeded => {
  const {url, configFile, folder, port} = demo.gateway
  const address = {host: '127.0.0.1', port, agent: `gatecrab/${version}`, ownedBy: [configFile]}
  const known = {configFile, stateDir: folder, url, address, fingerprint: null}
  return {...known, gateway: demoGateway(demo), isLocal: true, release, port: null}
}

/** The commands of the demo are about the demo's gateway, and its `openclaw` is ours. */
const forDemo = (given: Given, {folder, gateway}: Demo): Given => {
  const ours = [process.execPath, process.argv[1] ?? '', 'demo-openclaw', folder].map(word => `"${word}"`).join(' ')
  const said: Record<string, string> = {'state-dir': folder, config: gateway.configFile, openclaw: ours, release}
  return {
    ...given,
    text: flag => said[flag] ?? given.text(flag),
    list: flag => (flag === 'log' ? [gateway.logFile] : given.list(flag)),
  }
}

/** The screen on a gateway of our own, in a folder that is thrown away. */
export const runDemo = async (given: Given, said: string | null): Promise<ExitCode> => {
  const demo = await startDemo()
  process.once('exit', () => fs.rmSync(demo.folder, {recursive: true, force: true}))
  try {
    if (said !== null) process.stdout.write(`${said}\n`)
    if (!isInteractive(given)) return await glance(named(given, demo.gateway.logFile))
    return await runScreen(
      given,
      {
        kind: 'demo',
        host: 'demo',
        release,
        port: demo.gateway.port,
        now: Date.now(),
        readonly: given.has('readonly'),
        readingHistory: true,
        trustedProxies: configAt(demo.gateway.configFile).config.trustedProxies,
        live: newLiveNow(process.pid),
      },
      (store, lend) => {
        if (said !== null) store.dispatch({type: 'told', text: said})
        return liveFeed(
          {
            places: [{kind: 'file', file: demo.gateway.logFile}],
            consoles: [],
            journal: null,
            piped: null,
            container: null,
            since: Date.now() - hourMs,
            gateway: demoGateway(demo),
            heeded: demoHeeded(demo),
            given: forDemo(given, demo),
          },
          store,
          lend,
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
  flags: alertFlag,
  run: given => runDemo(given, null).then(code => code || exit.fine),
}
