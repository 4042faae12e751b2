import fs from 'node:fs/promises'
import path from 'node:path'
import type {HostEnv, LocationOverrides} from '../../gateway/paths.ts'
import {launchdLabel, profileOf} from '../../gateway/paths.ts'
import {readPlist} from '../../gateway/service/files.ts'
import {hasNoDomain, isEnabledIn, isLegacyLabel, isNotLoaded, readJob} from '../../gateway/service/launchd.ts'
import {plainEnv, queryProgram, type Ran} from '../run-process.ts'
import {type LaunchdPlace, launchdPlaces} from './launchd-places.ts'
import {type Managed, managedBy, type ServiceReading, variablesInFile} from './managed.ts'

type Job = LaunchdPlace & {label: string; file: string}

/** The one that should be, whether it is written down or not, wherever there is one of its name, and what older names have left. */
const jobsIn = async (places: readonly LaunchdPlace[], label: string, profile: string | null): Promise<Job[]> => {
  const listed = await Promise.all(
    places.map(async place => {
      const names = await fs.readdir(place.folder).catch((): string[] => [])
      const labels = names.filter(name => name.endsWith('.plist')).map(name => name.slice(0, -'.plist'.length))
      return labels
        .filter(one => one === label || isLegacyLabel(one, profile))
        .map(one => ({...place, label: one, file: path.join(place.folder, `${one}.plist`)}))
    }),
  )
  const found = listed.flat()
  const [own] = places
  const isInstalled = found.some(job => job.label === label && job.domain === own?.domain)
  return isInstalled || !own ? found : [{...own, label, file: path.join(own.folder, `${label}.plist`)}, ...found]
}

/** Whoever is not logged in at the console has no gui domain; then what is loaded is in that of the user. */
const isOfUser = ({domain}: Pick<Job, 'domain'>): boolean => domain.startsWith('user/')

const plistAt = async (file: string, {env}: HostEnv) => {
  const bytes = await fs.readFile(file).catch(() => null)
  if (bytes === null) return null
  if (!bytes.subarray(0, 6).equals(Buffer.from('bplist'))) return readPlist(bytes.toString('utf8'))
  return readPlist((await queryProgram(['plutil', '-convert', 'xml1', '-o', '-', file], {env: plainEnv(env)})).stdout)
}

const launchctl = ({env}: HostEnv, ...args: readonly string[]): Promise<Ran> =>
  queryProgram(['launchctl', ...args], {env: plainEnv(env)})

const supervised = async (
  job: Job,
  disabled: string,
  hostEnv: HostEnv,
): Promise<Managed | {tool: string; because: string} | null> => {
  const result = await launchctl(hostEnv, 'print', `${job.domain}/${job.label}`)
  const isLoaded = result.code === 0
  const words = `${result.stdout}${result.stderr}`
  if (result.problem) return {tool: 'launchctl', because: result.problem}
  if (!isLoaded && isOfUser(job)) return null
  if (!isLoaded && hasNoDomain(words))
    return {tool: `launchctl, ${job.domain}`, because: 'nobody is logged in there, or this user may not ask'}
  if (!isLoaded && !isNotLoaded(words)) return {tool: `launchctl, ${job.domain}`, because: `it ended with ${result.code}`}
  const plist = await plistAt(job.file, hostEnv)
  if (!isLoaded && plist === null) return null
  const args = plist?.args ?? []
  const envFile = args.find(arg => /\/service-env\/[^/]+\.env$/.test(arg))
  const wrapper = args.find(arg => /-env-wrapper\.sh$/.test(arg))
  const fromFile = envFile === undefined ? [] : await variablesInFile(envFile, 'dotenv')
  const {file, ...state} = isLoaded ? readJob(result.stdout) : readJob('')
  return managedBy(
    {
      ...state,
      kind: 'launchd',
      domain: job.domain,
      name: job.label,
      file: plist === null ? file : job.file,
      alsoFiles: [envFile, wrapper].filter(one => one !== undefined),
      isLoaded,
      isEnabled: isEnabledIn(disabled, job.label),
    },
    args,
    new Map([...(plist?.variables ?? []), ...fromFile]),
  )
}

/** The same job may be shown by two domains: it counts in the first. */
const once = (managed: readonly Managed[]): Managed[] =>
  managed.filter(
    ({supervisor: one}, at) =>
      !isOfUser(one) || !managed.slice(0, at).some(({supervisor: {name, pid}}) => name === one.name && pid === one.pid),
  )

/** A loaded job of the user's domain is none that its agent of the console has to be started for. */
const withoutIdleTwins = (managed: readonly Managed[]): Managed[] => {
  const loaded = new Set(managed.flatMap(({supervisor}) => (isOfUser(supervisor) ? [supervisor.name] : [])))
  return managed.filter(({supervisor: {name, domain, isLoaded}}) => isLoaded || !domain.startsWith('gui/') || !loaded.has(name))
}

/** launchd: the agent of this user, and whatever else of the kind is installed on the machine. */
export const launchdFound = async (overrides: LocationOverrides, hostEnv: HostEnv): Promise<ServiceReading> => {
  const places = launchdPlaces(hostEnv)
  const jobs = await jobsIn(places, launchdLabel(overrides, hostEnv), profileOf(overrides))
  const domains = [...new Set(jobs.map(({domain}) => domain))]
  const lists = await Promise.all(domains.map(domain => launchctl(hostEnv, 'print-disabled', domain)))
  const problem = lists[0]?.problem ?? null
  if (problem !== null) return {managed: [], unasked: [{tool: 'launchctl', because: problem}]}
  const disabled = new Map(domains.map((domain, i) => [domain, lists[i]?.stdout ?? '']))
  const found = await Promise.all(jobs.map(job => supervised(job, disabled.get(job.domain) ?? '', hostEnv)))
  return {
    managed: withoutIdleTwins(once(found.flatMap(one => (one && 'supervisor' in one ? [one] : [])))),
    unasked: found.flatMap(one => (one && 'tool' in one ? [one] : [])),
  }
}
