import path from 'node:path'
import type {GatewayContainer} from '../../domain/container.ts'
import {Secret} from '../../domain/secret.ts'
import {jsonIn} from '../../gateway/json.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {type ComposeFile, readCompose} from '../../gateway/token/compose.ts'
import {enginesOn, printedByEngine} from '../container/engine.ts'
import {envFileCopies} from './env-files.ts'
import {type FileContent, isFileContent, readWhole} from './file.ts'
import {createFound, type FoundToken} from './found.ts'

const stems = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
const overrides = ['compose.override.yaml', 'compose.override.yml', 'docker-compose.override.yml', 'docker-compose.override.yaml']

type Compose = {seen: FileContent; file: ComposeFile}

const composeFiles = async (folder: string): Promise<Compose[]> => {
  const all = await Promise.all([...stems, ...overrides].map(name => readWhole(path.join(folder, name))))
  const found = await Promise.all(all.filter(isFileContent).map(async seen => ({seen, file: await readCompose(seen.text)})))
  return found.some(({file}) => file.namesOpenclaw) ? found : []
}

const variableCopies = ({seen, file}: Compose): FoundToken[] =>
  file.variables.map(({key, service, value, from}) =>
    createFound('compose-file', seen.path, `${service}.${key}`, {
      value,
      file: seen,
      at: [service, key],
      reference: from === null ? null : {how: 'template', source: 'env', name: from},
      pointsTo: from === null ? null : `env ${from}`,
    }),
  )

const flagCopies = ({seen, file}: Compose): FoundToken[] =>
  file.flag === null ? [] : [createFound('start-command', seen.path, '--token', {value: file.flag, file: seen})]

const printedByFirst = async (args: readonly string[], hostEnv: HostEnv): Promise<string> => {
  const [engine] = enginesOn(hostEnv)
  const printed = engine ? await printedByEngine(engine, args, hostEnv) : ''
  return typeof printed === 'string' ? printed : ''
}

const containersOf = async (folder: string, hostEnv: HostEnv): Promise<string[]> => {
  const label = `label=com.docker.compose.project.working_dir=${folder}`
  const output = await printedByFirst(['ps', '--no-trunc', '-q', '--filter', label], hostEnv)
  return output.split('\n').filter(id => /^[0-9a-f]{12,64}$/.test(id))
}

type Inspected = {Name?: unknown; Config?: {Env?: unknown; Cmd?: unknown}}

const inspected = (output: string): Inspected[] => {
  const value = jsonIn(output)
  return Array.isArray(value) ? value : []
}

const ofContainer = ({Name, Config}: Inspected, folder: string, names: readonly string[]): FoundToken[] => {
  const env = Array.isArray(Config?.Env) ? Config.Env.map(String) : []
  const container = String(Name ?? '').replace(/^\//, '')
  return names.flatMap(name => {
    const value = env.find(entry => entry.startsWith(`${name}=`))?.slice(name.length + 1)
    return value === undefined || value === ''
      ? []
      : [createFound('container-env', folder, `${container}.${name}`, {value: new Secret(value)})]
  })
}

const containerCopies = async (folder: string, names: readonly string[], hostEnv: HostEnv): Promise<FoundToken[]> => {
  const ids = await containersOf(folder, hostEnv)
  if (ids.length === 0) return []
  const output = await printedByFirst(['inspect', ...ids], hostEnv)
  return inspected(output).flatMap(one => ofContainer(one, folder, names))
}

/** A compose project: the file, `.env` beside it, the files that env_file: names, and what runs of it. */
export const composeCopies = async (folder: string, names: readonly string[], hostEnv: HostEnv): Promise<FoundToken[]> => {
  const files = await composeFiles(folder)
  if (files.length === 0) return []
  const named = files.flatMap(({file}) => file.envFiles).map(file => path.resolve(folder, file))
  const own = path.join(folder, '.env')
  const envFiles = [own, ...new Set(named.filter(file => file !== own))]
  const inFiles = await Promise.all(envFiles.map(file => envFileCopies({place: 'compose', file, always: file === own}, names)))
  return [
    ...files.flatMap(flagCopies),
    ...files.flatMap(variableCopies),
    ...inFiles.flat(),
    ...(await containerCopies(folder, names, hostEnv)),
  ]
}

/**
 * The compose folders that count: the one that the operator names, else that of the gateway's own container, by its label. The folder we
 * were started in says nothing: it may be anybody's, and a secret would be written into it.
 */
export const composeFolders = (named: string | null, container: GatewayContainer | null): string[] => {
  if (named !== null) return [path.resolve(named)]
  return container?.compose ? [container.compose.folder] : []
}
