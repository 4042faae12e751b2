import type {Seen} from '../app/metric.ts'
import {dashboardOf} from '../app/metric-dashboard.ts'
import {rulesText} from '../app/metric-rules.ts'
import {metrics as table} from '../app/metrics.ts'
import {isLoopback} from '../domain/attempt.ts'
import type {Problem} from '../domain/problem.ts'
import {type Address, inText, serveMetrics} from '../sources/metrics-server.ts'
import {type Reach, reach} from '../sources/reach.ts'
import {type Command, type ExitCode, exit, isProblem} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {type Headless, headless} from './headless.ts'
import {gateIn} from './known.ts'
import {pageOf} from './metrics-page.ts'
import {filesToRead} from './named-logs.ts'
import {complain} from './output.ts'
import {interrupted} from './signals.ts'
import {version} from './version.ts'
import {whereOf} from './where.ts'

const flags = {
  listen: {value: 'ADDRESS', about: 'serve them to Prometheus on this address, such as 127.0.0.1:9464'},
  print: {about: 'print them once, for the text files of the node exporter'},
  rules: {about: 'print alert rules for Prometheus'},
  dashboard: {about: 'print a dashboard for Grafana'},
  since: {value: 'T', about: 'count the history of the log from then on (default 24h)'},
} satisfies Flags

const ownCost = (): Seen['own'] => {
  const {user, system} = process.cpuUsage()
  return {
    cpuSeconds: (user + system) / 1e6,
    rssBytes: process.memoryUsage.rss(),
    startedAt: Date.now() - process.uptime() * 1000,
  }
}

/** The port is asked when Prometheus asks, never oftener. */
const looking = (given: Given, {store, tick}: Headless): (() => Promise<string>) => {
  const gate = gateIn(given, whereOf(given))
  let found: Reach['state'] | null = null
  const page = pageOf(table, () => ({state: store.state(), reach: found, version, own: ownCost()}))
  return async () => {
    found = gate && (await reach(gate.host, gate.port)).state
    tick()
    return page()
  }
}

const addressOf = (text: string): Address | Problem => {
  const {host, port} = /^(?:(?<host>\[[\da-f:.]+\]|(?:\w[\w.-]*)?):)?(?<port>\d{1,5})$/i.exec(text)?.groups ?? {}
  if (port !== undefined && Number(port) <= 65_535)
    return {host: host?.replace(/^\[|\]$/g, '') || '127.0.0.1', port: Number(port)}
  return {
    title: 'Unknown --listen',
    because: `${JSON.stringify(text)} is no address`,
    tryThis: '--listen 127.0.0.1:9464',
    from: 'you',
  }
}

const warnOf = (address: Address): void => {
  if (isLoopback(address.host)) return
  process.stderr.write(
    `gatecrab: ${inText(address)} can be reached from other machines, and whoever reaches it reads the names of your logins and how the gateway fares. There is no secret in it.\n`,
  )
}

const listen = async (given: Given, text: string): Promise<ExitCode> => {
  const address = addressOf(text)
  if (isProblem(address)) return complain(address)
  const ear = headless(given)
  const page = looking(given, ear)
  const server = await serveMetrics(address, () => ear.ready(false).then(page))
  if (isProblem(server)) {
    ear.end()
    return complain(server)
  }
  warnOf(address)
  process.stderr.write(`gatecrab: metrics at http://${inText(server.address)}/metrics\n`)
  const code = await interrupted()
  server.close()
  ear.end()
  return code
}

const print = async (given: Given): Promise<ExitCode> => {
  const files = given.list('log').includes('-') ? [] : filesToRead(given)
  if (isProblem(files)) return complain(files)
  const ear = headless(given)
  await ear.ready(true)
  process.stdout.write(await looking(given, ear)())
  ear.end()
  return exit.fine
}

const run = async (given: Given): Promise<ExitCode> => {
  if (given.has('rules') || given.has('dashboard')) {
    process.stdout.write(given.has('rules') ? rulesText(table) : `${JSON.stringify(dashboardOf(table), null, 2)}\n`)
    return exit.fine
  }
  const address = given.text('listen')
  return address === null ? print(given) : listen(given, address)
}

export const metrics: Command = {
  words: 'metrics',
  about: 'Prometheus: the numbers, alert rules and a dashboard',
  flags,
  run,
}
