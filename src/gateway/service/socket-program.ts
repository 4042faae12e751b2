import {clean} from '../../domain/clean.ts'

const interpreter = /^(?:node|nodejs|bun|deno|tsx|python\d?(?:\.\d+)?|ruby|perl|php|java|sh|bash|zsh|dash)$/
/** After these flags comes source text, which must not be shown. */
const inline = /^(?:-e|-p|-pe|-c|--eval|--print)$/
const withValue = /^(?:-r|--require|--import|--loader|--experimental-loader|--conditions|-C|--env-file|-jar|-m)$/
const faceless = /^(?:index|main|cli|entry|app|server|bin|run|start|__main__)\.?(?:[cm]?[jt]s|py|rb)?$/

const baseName = (path: string): string => path.split('/').filter(Boolean).at(-1) ?? path

const modules = '/node_modules/'

/** The package that the innermost of these folders holds. */
const packageIn = (path: string): string | null => {
  const at = path.lastIndexOf(modules)
  const [, name] = at < 0 ? [] : (/^((?:@[^/]+\/)?[^/.][^/]*)\//.exec(path.slice(at + modules.length)) ?? [])
  return name ?? null
}

const contents = '.app/Contents/'

/** A process chooses its arguments, a megabyte of them if it likes: what is looked for in them is looked for once. */
const appIn = (title: string): string | null => {
  const at = title.indexOf(contents)
  return at < 0 ? null : baseName(title.slice(0, at)) || null
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
  // A process may write a title of its own over its arguments.
  const program = appIn(title) ?? (title.startsWith('/') ? baseName(title) : (title.split(/[\s:]/)[0] ?? title))
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
