import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type {Failure} from '../../domain/failure.ts'

const problem = (title: string, because: string): {problem: Failure} => ({
  problem: {title, because, tryThis: 'change it by hand, then `docker compose up -d`', from: 'gateway'},
})

/** As `readCompose` reads it: every scalar is what is written. */
const documentIn = (text: string): Document =>
  parseDocument(text, {logLevel: 'silent', prettyErrors: false, schema: 'failsafe', merge: true})

const resolved = (node: unknown, document: Document): unknown => (isAlias(node) ? node.resolve(document) : node)

const keyIn = ({key}: Pair): string => (isScalar(key) ? (key.source ?? String(key.value)) : '')

/** What a mapping has under a key, its own before what `<<` brings; of a list of those the first counts. */
const valueIn = (map: YAMLMap, key: string, document: Document): unknown => {
  const own = map.items.findLast(pair => keyIn(pair) === key)
  if (own) return resolved(own.value, document)
  for (const pair of map.items.filter(one => keyIn(one) === '<<')) {
    const source = resolved(pair.value, document)
    for (const one of isSeq(source) ? source.items : [source]) {
      const merged = resolved(one, document)
      const found = isMap(merged) ? valueIn(merged, key, document) : undefined
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** The scalar that has the variable, and what of its text stands before the value: in a list `NAME=`. */
const scalarOf = (document: Document, service: string, name: string): {scalar: Scalar; before: string} | null => {
  const environment = ['services', service, 'environment'].reduce<unknown>(
    (node, key) => (isMap(node) ? valueIn(node, key, document) : undefined),
    document.contents,
  )
  if (isMap(environment)) {
    const scalar = valueIn(environment, name, document)
    return isScalar(scalar) ? {scalar, before: ''} : null
  }
  if (!isSeq(environment)) return null
  const items = environment.items.map(item => resolved(item, document))
  const scalar = items.findLast(item => isScalar(item) && String(item.value).startsWith(`${name}=`))
  return isScalar(scalar) ? {scalar, before: `${name}=`} : null
}

/** What no reader of YAML makes a number or a truth: long, of plain letters, and not of those alone that a number has; or `NAME=…`. */
const isPlain = (value: string): boolean =>
  (/^(?!0[xob])[\w.-]{16,}$/i.test(value) && /[a-df-z]/i.test(value)) || /^[A-Z][A-Z_]+=[\w.-]+$/.test(value)

/** In the way it was written, where that holds the new value. JSON's own form is good between double quotes. */
const written = (value: string, {type}: Scalar): string => {
  if (type === 'PLAIN' && isPlain(value)) return value
  if (type === 'QUOTE_SINGLE' && /^[ -~]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`
  return JSON.stringify(value)
}

/** The values of a tree in order, with their places. */
const leavesOf = (tree: unknown, place = ''): [string, unknown][] =>
  typeof tree === 'object' && tree !== null
    ? Object.entries(tree).flatMap(([key, value]) => leavesOf(value, `${place}\0${key}`))
    : [[place, tree]]

/** Nothing differs but that what was the old value is the new one: an anchor gives one value to several places. */
const isOnlyChange = (before: unknown, after: unknown, old: string, value: string): boolean => {
  const [was, is] = [leavesOf(before), leavesOf(after)]
  const isKept = ([place, leaf]: [string, unknown], i: number): boolean => {
    const [otherPlace, other] = is[i] ?? []
    return place === otherPlace && (leaf === other || (leaf === old && other === value))
  }
  return was.length === is.length && was.every(isKept) && was.some(([, leaf], i) => leaf !== is[i]?.[1])
}

const treeOf = (document: Document): unknown => document.toJS({maxAliasCount: 100})

/**
 * The text of a compose file with the value of one variable of a service replaced: comments, order, anchors and everything else stay as
 * they are, byte by byte. The library's document says where the value stands; the result is read again.
 */
export const withComposeVariable = (
  text: string,
  {service, name}: {service: string; name: string},
  value: string,
): {text: string} | {problem: Failure} => {
  const document = documentIn(text)
  if (document.errors.length > 0) return problem('The compose file is no YAML', 'its reader finds a mistake in it')
  const found = scalarOf(document, service, name)
  const range = (found?.scalar as Node | undefined)?.range
  if (!found || !range)
    return problem(`There is no ${name} of ${service} to replace`, 'gatecrab replaces a token, it inserts none')
  const [start, end] = range
  const old = String(found.scalar.value)
  const next = `${found.before}${value.replaceAll('$', '$$$$')}`
  // The range of a block ends behind its last line.
  const lineEnd = /\r?\n$/.exec(text.slice(start, end))?.[0] ?? ''
  const edited = `${text.slice(0, start)}${written(next, found.scalar)}${lineEnd}${text.slice(end)}`
  const again = documentIn(edited)
  if (again.errors.length === 0 && isOnlyChange(treeOf(document), treeOf(again), old, next)) return {text: edited}
  return problem(`${name} of ${service} cannot be replaced safely`, 'the file is written in a way gatecrab does not edit')
}
