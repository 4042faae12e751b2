import {expect, test} from 'vitest'
import {formatFailure} from '../../src/domain/failure.ts'

const printed = (title: string, because?: string, tryThis?: string): string =>
  formatFailure({title, from: 'you', ...(because === undefined ? {} : {because}), ...(tryThis === undefined ? {} : {tryThis})})

test('a failure is what, why and what to do, each as it was written', () => {
  expect(printed('No log')).toBe('No log.')
  expect(printed('Cannot read a.log', 'there is no such file', 'check its path')).toBe(
    'Cannot read a.log: there is no such file. Check its path.',
  )
  expect(printed('Cannot read a.log', 'EIO')).toBe('Cannot read a.log: EIO.')
  expect(printed('No such agent: bob', 'there is main')).toBe('No such agent: bob. There is main.')
  expect(printed('The gateway has no token', 'It was cut off. Nothing was proved.', 'Wait.')).toBe(
    'The gateway has no token. It was cut off. Nothing was proved. Wait.',
  )
})

test('a command in backticks is printed as it is typed, whatever it is called', () => {
  expect(printed('No such journal: x', undefined, '`gatecrab journals` lists them')).toBe(
    'No such journal: x. `gatecrab journals` lists them.',
  )
  expect(printed('It is packed', undefined, '`brotli -dc a.br | gatecrab … --log -`')).toBe(
    'It is packed. `brotli -dc a.br | gatecrab … --log -`.',
  )
})

test('an advice that begins with the name of a program is a sentence like any other', () => {
  expect(printed('The folder is locked', undefined, 'node by node, end what holds it')).toBe(
    'The folder is locked. Node by node, end what holds it.',
  )
})
