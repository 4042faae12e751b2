import {dashboardOf} from '../app/metrics/metric-dashboard.ts'
import {rulesText} from '../app/metrics/metric-rules.ts'
import {metrics as table} from '../app/metrics/metrics.ts'
import {fleetMetrics} from '../app/metrics/metrics-fleet.ts'
import {bareHost, isLoopback} from '../domain/address.ts'
import type {Problem} from '../domain/problem.ts'
import {type Address, inText, serveMetrics} from '../sources/metrics-server.ts'
import {type Command, type ExitCode, exit, isProblem} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {fleetIn, hostFlags} from './fleet/fleet-flags.ts'
import {fleetSource, gatewaySource, type MetricsSource} from './known/metrics-source.ts'
import {filesToRead} from './known/named-logs.ts'
import {interrupted} from './screen/signals.ts'
import {toJson} from './told/json.ts'
import {complain} from './told/output.ts'

const flags = {
  listen: {value: 'ADDRESS', about: 'serve them to Prometheus on this address, such as 127.0.0.1:9464'},
  'known-as': {value: 'NAME', many: true, about: 'with --listen: another name by which Prometheus reaches it; repeatable'},
  print: {about: 'print them once, for the text files of the node exporter'},
  rules: {about: 'print alert rules for Prometheus'},
  dashboard: {about: 'print a dashboard for Grafana'},
  since: {value: 'T', about: 'count the history of the log from then on (default 24h)'},
  ...hostFlags,
} satisfies Flags

const addressOf = (text: string): Address | Problem => {
  const {host, port} = /^(?:(?<host>\[[\da-f:.]+\]|(?:\w[\w.-]*)?):)?(?<port>\d{1,5})$/i.exec(text)?.groups ?? {}
  if (port !== undefined && Number(port) <= 65_535) return {host: bareHost(host ?? '') || '127.0.0.1', port: Number(port)}
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

const listen = async (source: MetricsSource, address: Address, knownAs: readonly string[]): Promise<ExitCode> => {
  const server = await serveMetrics(address, () => source.ready(false).then(source.page), knownAs)
  if (isProblem(server)) return complain(server)
  warnOf(address)
  process.stderr.write(`gatecrab: metrics at http://${inText(server.address)}/metrics\n`)
  const code = await interrupted()
  server.close()
  return code
}

const print = async (source: MetricsSource): Promise<ExitCode> => {
  await source.ready(true)
  process.stdout.write(await source.page())
  return exit.fine
}

/** What is printed of this host's gateway needs a log that is there. */
const missing = (given: Given): Problem | null => {
  const files = given.list('log').includes('-') ? [] : filesToRead(given)
  return isProblem(files) ? files : null
}

const run = async (given: Given): Promise<ExitCode> => {
  if (given.has('rules') || given.has('dashboard')) {
    const tables = [...table, ...fleetMetrics]
    process.stdout.write(given.has('rules') ? rulesText(tables) : `${toJson(dashboardOf(tables), 2)}\n`)
    return exit.fine
  }
  const text = given.text('listen')
  const address = text === null ? null : addressOf(text)
  if (isProblem(address)) return complain(address)
  const fleet = fleetIn(given)
  if (isProblem(fleet)) return complain(fleet)
  const unread = fleet === null && address === null ? missing(given) : null
  if (unread) return complain(unread)
  const source = fleet ? fleetSource(fleet) : gatewaySource(given)
  try {
    return await (address === null ? print(source) : listen(source, address, given.list('known-as')))
  } finally {
    source.end()
  }
}

export const metrics: Command = {
  words: 'metrics',
  about: 'Prometheus: the numbers, alert rules and a dashboard',
  flags,
  run,
}
