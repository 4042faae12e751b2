import {clean} from '../../domain/clean.ts'

const interpreter = /^(?:node|nodejs|bun|deno|tsx|python\d?(?:\.\d+)?|ruby|perl|php|java|sh|bash|zsh|dash)$/
/** After these flags comes source text, which must not be shown. */
const inline = /^(?:-e|-p|-pe|-c|--eval|--print)$/
const withValue = /^(?:-r|--require|--import|--loader|--experimental-loader|--conditions|-C|--env-file|-jar|-m)$/
const faceless = /^(?:index|main|cli|entry|app|server|bin|run|start|__main__)\.?(?:[cm]?[jt]s|py|rb)?$/

const baseName = (path: string): string => path.split('/').filter(Boolean).at(-1) ?? path

const packageIn = (path: string): string | null => {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)\//.exec(path) ?? []
  return name ?? null
}

const scriptName = (path: string): string => {
  const name = baseName(path)
  if (!faceless.test(name)) return name
  return (
    packageIn(path) ??
    path
      .split('/')
      .filter(part => part && !/^(?:dist|build|out|lib|src|bin)$/.test(part))
      .at(-2) ??
    name
  )
}

/** The script that an interpreter runs; nothing that stands behind it, for there may be a token among it. */
const scriptOf = (args: readonly string[]): string | null => {
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? ''
    if (inline.test(arg)) return arg
    if (arg === '-m' || arg === '-jar') return args[i + 1] ? baseName(args[i + 1] ?? '') : null
    if (withValue.test(arg)) i += 1
    else if (!arg.startsWith('-') && arg !== 'run') return scriptName(arg)
  }
  return null
}

const max = 60

/** What a process is called by people: its program, and the script where the program is an interpreter. */
export const programOf = (argv: readonly string[], fallback: string | null): string | null => {
  const [first = '', ...rest] = argv
  const title = first.trim()
  if (title === '') return fallback === null ? null : clean(fallback, max)
  const app = /([^/]+)\.app\/Contents\//.exec(title)?.[1]
  // A process may write a title of its own over its arguments.
  const program = app ?? (title.startsWith('/') ? baseName(title) : (title.split(/[\s:]/)[0] ?? title))
  const script = interpreter.test(program) ? scriptOf(rest) : null
  return clean(script === null ? program : `${program} ${script}`, max)
}

/** `ps -o pid=,args=`: the arguments in one line, so that a path with a blank in it is known by its `.app` alone. */
export const programsIn = (printed: string): Map<number, string> =>
  new Map(
    printed.split('\n').flatMap(line => {
      const [, pid, args = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? []
      const app = /^\/.*?\.app\/Contents\/[^-]*/.exec(args)?.[0]
      const name = programOf(app === undefined ? args.split(/\s+/) : [app], null)
      return pid === undefined || name === null ? [] : [[Number(pid), name] as const]
    }),
  )

/** `ps -o pid=,uid=,user=`: whose process it is. */
export const accountsOf = (printed: string): Map<number, {uid: number; user: string}> =>
  new Map(
    printed.split('\n').flatMap(line => {
      const [, pid, uid, user = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s*$/.exec(line) ?? []
      return pid === undefined ? [] : [[Number(pid), {uid: Number(uid), user: clean(user, max)}] as const]
    }),
  )
