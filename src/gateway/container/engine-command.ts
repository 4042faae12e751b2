import type {ComposeProject, EngineRefusal, GatewayContainer} from '../../domain/container.ts'

type Named = Pick<GatewayContainer, 'engine' | 'name'>

/** OpenClaw's command inside the container, which is bound to the gateway there by the container's own environment. */
export const openclawInside = ({engine, name, openclaw}: Named & Pick<GatewayContainer, 'openclaw'>): readonly string[] => [
  ...engine.words,
  ...['exec', '-i', name],
  ...openclaw,
]

/** OpenClaw drains what it is doing before it ends; the engine kills it after these seconds. */
const stopSeconds = 30

export const restartContainer = ({engine, name}: Named): readonly string[] => [
  ...engine.words,
  ...['restart', '-t', String(stopSeconds), name],
]

/** Makes those services again whose settings have changed: the only way to give a container another environment. */
export const composeUp = (
  compose: readonly string[],
  {folder, files, project}: Pick<ComposeProject, 'folder' | 'files' | 'project'>,
  services: readonly string[],
): readonly string[] => [
  ...compose,
  ...(project === '' ? [] : ['-p', project]),
  ...['--project-directory', folder],
  ...files.flatMap(file => ['-f', file]),
  ...['up', '-d', '--no-deps', '-t', String(stopSeconds), ...services],
]

type LogWish = {since?: string | null; until?: string | null; follow?: boolean; maxLines?: number | null}

/** With the engine's own time before each line, by which reading goes on where it was cut off. */
export const logsArgv = (
  {engine, name}: Named,
  {since = null, until = null, follow = false, maxLines = null}: LogWish,
): readonly string[] => [
  ...engine.words,
  ...['logs', '--timestamps'],
  ...(follow ? ['--follow'] : []),
  ...(since === null ? [] : ['--since', since]),
  ...(until === null ? [] : ['--until', until]),
  ...(maxLines === null ? [] : ['--tail', String(maxLines)]),
  name,
]

/** Why the engine does not answer, by what its command prints. Null: it is not there, or does not run. */
export const refusalIn = (command: string, printed: string): EngineRefusal | null =>
  /permission denied|operation not permitted/i.test(printed)
    ? {
        command,
        because: `this user may not ask the engine of ${command}`,
        tryThis:
          command === 'docker'
            ? 'Run gatecrab with sudo, or as a member of the group docker (`sudo usermod -aG docker "$(id -un)"`, then sign in again).'
            : 'Run gatecrab as the user whose containers these are.',
      }
    : null
