import fs from 'node:fs/promises'
import path from 'node:path'
import type {Surroundings, Wanted} from '../../gateway/paths.ts'
import {launchdLabel} from '../../gateway/paths.ts'
import {readPlist} from '../../gateway/service/service-files.ts'
import {hasNoDomain, isEnabledIn, isLegacyLabel, isNotLoaded, readJob} from '../../gateway/service/service-launchd.ts'
import {ask} from './service-command.ts'
import {type Found, type Managed, managedBy, variablesInFile} from './service-managed.ts'

type Place = {domain: string; folder: string}
type Job = Place & {label: string; file: string}

const placesOf = ({home, uid}: Surroundings): Place[] => [
  {domain: `gui/${uid ?? 0}`, folder: path.join(home, 'Library/LaunchAgents')},
  {domain: `gui/${uid ?? 0}`, folder: '/Library/LaunchAgents'},
  {domain: 'system', folder: '/Library/LaunchDaemons'},
]

/** The one that should be, whether it is written down or not, wherever there is one of its name, and what older names have left. */
const jobsIn = async (places: readonly Place[], label: string): Promise<Job[]> => {
  const listed = await Promise.all(
    places.map(async place => {
      const names = await fs.readdir(place.folder).catch((): string[] => [])
      const labels = names.filter(name => name.endsWith('.plist')).map(name => name.slice(0, -'.plist'.length))
      return labels
        .filter(one => one === label || isLegacyLabel(one))
        .map(one => ({...place, label: one, file: path.join(place.folder, `${one}.plist`)}))
    }),
  )
  const found = listed.flat()
  const [own] = places
  const isKnown = found.some(job => job.label === label && job.domain === own?.domain)
  return isKnown || !own ? found : [{...own, label, file: path.join(own.folder, `${label}.plist`)}, ...found]
}

const plistAt = async (file: string, {env}: Surroundings) => {
  const bytes = await fs.readFile(file).catch(() => null)
  if (bytes === null) return null
  if (!bytes.subarray(0, 6).equals(Buffer.from('bplist'))) return readPlist(bytes.toString('utf8'))
  return readPlist((await ask('plutil', ['-convert', 'xml1', '-o', '-', file], env)).out)
}

const supervised = async (
  job: Job,
  disabled: string,
  around: Surroundings,
): Promise<Managed | {tool: string; because: string} | null> => {
  const said = await ask('launchctl', ['print', `${job.domain}/${job.label}`], around.env)
  const isLoaded = said.code === 0
  const words = `${said.out}${said.err}`
  if (said.problem) return {tool: 'launchctl', because: said.problem}
  if (!isLoaded && hasNoDomain(words))
    return {tool: `launchctl, ${job.domain}`, because: 'nobody is logged in there, or this user may not ask'}
  if (!isLoaded && !isNotLoaded(words)) return {tool: `launchctl, ${job.domain}`, because: `it ended with ${said.code}`}
  const plist = await plistAt(job.file, around)
  if (!isLoaded && plist === null) return null
  const args = plist?.args ?? []
  const envFile = args.find(arg => /\/service-env\/[^/]+\.env$/.test(arg))
  const wrapper = args.find(arg => /-env-wrapper\.sh$/.test(arg))
  const fromFile = envFile === undefined ? [] : await variablesInFile(envFile, 'dotenv')
  const {file, ...told} = isLoaded ? readJob(said.out) : readJob('')
  return managedBy(
    {
      ...told,
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

/** launchd: the agent of this user, and whatever else of the kind is installed on the machine. */
export const launchdFound = async (wanted: Wanted, around: Surroundings): Promise<Found> => {
  const places = placesOf(around)
  const [own] = places
  const disabled = await ask('launchctl', ['print-disabled', own?.domain ?? ''], around.env)
  if (disabled.problem) return {managed: [], unasked: [{tool: 'launchctl', because: disabled.problem}]}
  const jobs = await jobsIn(places, launchdLabel(wanted, around))
  const found = await Promise.all(jobs.map(job => supervised(job, disabled.out, around)))
  return {
    managed: found.flatMap(one => (one && 'supervisor' in one ? [one] : [])),
    unasked: found.flatMap(one => (one && 'tool' in one ? [one] : [])),
  }
}
