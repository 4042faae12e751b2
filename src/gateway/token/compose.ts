import {Secret} from '../../domain/secret.ts'
import {formerVariable, gatewayVariable} from '../../domain/token/copy.ts'
import {tokenFlag} from '../service/files.ts'

/** A variable that a compose file hands to a service. */
type ComposeVariable = {
  key: string
  service: string
  /** The value; null where it only names another variable. */
  value: Secret | null
  from: string | null
}

export type ComposeFile = {namesOpenclaw: boolean; variables: ComposeVariable[]; envFiles: string[]; flag: Secret | null}

const scalar = (raw: string): string => {
  const text = raw.trim()
  const [, double, single] = /^(?:"((?:\\.|[^"\\])*)"|'((?:''|[^'])*)')(?:\s+#.*)?$/.exec(text) ?? []
  if (double !== undefined) return double.replace(/\\(["\\/])/g, '$1')
  if (single !== undefined) return single.replaceAll("''", "'")
  return text.replace(/(?:^|\s+)#.*$/, '')
}

const names = [gatewayVariable, formerVariable]

const assignment = (line: string): {key: string; value: string} | null => {
  const item = /^\s*-\s+(.*)$/.exec(line)?.[1]
  const text = item === undefined ? line : scalar(item)
  const [, key, value] =
    (item === undefined ? /^\s*["']?([A-Z_][A-Z0-9_]*)["']?\s*:\s*(.*)$/ : /^([A-Z_][A-Z0-9_]*)(?:=([\s\S]*))?$/).exec(text) ?? []
  if (key === undefined || !names.includes(key)) return null
  return {key, value: item === undefined ? scalar(value ?? '') : (value ?? `$${key}`)}
}

/** `${NAME}`, `$NAME`, or either with a default that counts where the variable is not set. */
const filledIn = (value: string): {value: Secret | null; from: string | null} => {
  const [, braced, fallback, bare] = /^\$(?:\{([A-Za-z_]\w*)(?::?[-?+]([^}]*))?\}|([A-Za-z_]\w*))$/.exec(value) ?? []
  const from = braced ?? bare ?? null
  if (from === null) return {value: new Secret(value.replaceAll('$$', '$')), from}
  return {value: fallback !== undefined && fallback !== '' && !value.includes('?') ? new Secret(fallback) : null, from}
}

const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0

/** The service that each line belongs to: the keys one step below `services:`. */
const services = (lines: readonly string[]): string[] => {
  let [inServices, step, current] = [false, 0, '']
  return lines.map(line => {
    const key = /^\s*["']?([\w.-]+)["']?\s*:/.exec(line)?.[1]
    if (key === undefined || line.trimStart().startsWith('#')) return current
    if (indentOf(line) === 0) [inServices, step, current] = [key === 'services', 0, '']
    else if (inServices && (step === 0 || indentOf(line) === step)) [step, current] = [indentOf(line), key]
    return current
  })
}

const commandWords = (text: string): string[] =>
  Array.from(
    text.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|([^\s,[\]"']+)/g),
    ([, double, single, bare]) => bare ?? double ?? single ?? '',
  )

const flagIn = (text: string): Secret | null => {
  const lines = text.split(/\r?\n/).filter(line => !line.trimStart().startsWith('#'))
  const at = lines.findIndex(line => /--token(?:[=\s"',]|$)/.test(line))
  return at < 0
    ? null
    : tokenFlag(
        commandWords(
          lines
            .slice(at, at + 2)
            .join(' ')
            .replace(/\s-\s+/g, ' '),
        ),
      )
}

const listAfter = (lines: readonly string[], key: RegExp): string[] =>
  lines.flatMap((line, i) => {
    const [, own] = key.exec(line) ?? []
    if (own === undefined) return []
    if (own.trim() !== '') return commandWords(own.replace(/\s#.*$/, ''))
    const rest = lines.slice(i + 1)
    const end = rest.findIndex(next => !/^\s*(?:-|(?:path|required|format):|#|$)/.test(next))
    return rest.slice(0, end < 0 ? rest.length : end).flatMap(next => {
      const item = /^\s*(?:-\s+)?(?:path:\s*)?(\S.*)$/.exec(next)?.[1]
      return item === undefined || item.startsWith('#') || /^\w+:/.test(item) ? [] : [scalar(item)]
    })
  })

/** What of a compose file has to do with the token, read line by line: anchors and flow maps are not followed. */
export const readCompose = (text: string): ComposeFile => {
  const lines = text.split(/\r?\n/)
  const service = services(lines)
  const variables = lines.flatMap((line, i) => {
    const found = line.trimStart().startsWith('#') ? null : assignment(line)
    return found === null ? [] : [{key: found.key, service: service[i] ?? '', ...filledIn(found.value)}]
  })
  return {
    namesOpenclaw: /openclaw|clawdbot/i.test(text),
    variables,
    envFiles: listAfter(lines, /^\s*env_file\s*:(.*)$/),
    flag: flagIn(text),
  }
}
