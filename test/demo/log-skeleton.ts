const generalised: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UUID'],
  [/[0-9a-f]{8}…[0-9a-f]{4}/g, 'SHORT'],
  [/\b[0-9a-f]{64}\b/g, 'DEVICE'],
  [/(peer|endpoint)=\S+/g, '$1=ENDS'],
  [/client=\S+ (\S+) v\S+/g, 'client=C $1 V'],
  [/(remotePort|suppressed|scopes|platform|instance|host|origin|fwd|role|elapsedMs|durationMs|pid|id)=\S+/g, '$1=X'],
  [/ua=.*?( code=| reason=|$)/g, 'ua=U$1'],
  [/log file: .*/, 'log file: FILE'],
  [/(provider|model|api|requested|candidate|next|profile|runId)=\S+/g, '$1=P'],
  [/; [\d.]+s\)/, '; N s)'],
  [/ \d+ms\b/g, ' N ms'],
  [/invalid character '.' at \d+:\d+/, 'invalid character C'],
]

const pattern = (text: string): string => generalised.reduce((text, [from, to]) => text.replace(from, to), text)

type Record = {[field: string]: unknown; message: string; _meta: {[field: string]: unknown; logLevelName: string}}

/** What two lines of one kind have in common: every key in its order, the level, the writer and the words. */
export const skeleton = (raw: string): string => {
  const line: Record = JSON.parse(raw)
  const meta = [line['1'], line['2']].find(value => typeof value === 'object')
  const keys = [line, line._meta, meta ?? {}].map(value => Object.keys(value as object).join())
  return [line._meta.logLevelName, line['0'], ...keys, pattern(line.message)].join(' | ')
}
