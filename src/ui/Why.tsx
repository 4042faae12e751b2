import type {Why as Told} from '../app/why.ts'
import {Lines} from './parts/Lines.tsx'
import {paragraph} from './parts/fit.ts'
import {readable} from './parts/paint.ts'
import type {Theme} from './theme.ts'

const label = 5

const block = (name: string, text: string, width: number, most: number, theme: Theme): string[] =>
  paragraph(readable(text, theme), width - label, most, theme.isAscii ? '~' : '…').map((line, i) => {
    const head = (i === 0 ? name : '').padEnd(label)
    return `${theme.open('strong')}${head}${theme.open('strong') === '' ? '' : theme.close}${line}`
  })

/** What the chosen row means and what to do about it. */
export const Why = ({told, width, height, theme}: {told: Told; width: number; height: number; theme: Theme}) => {
  const todo = told.todo === '' ? [] : block('DO', told.todo, width, Math.max(1, Math.floor(height * 0.45)), theme)
  const why = told.why === '' ? [] : block('WHY', told.why, width, Math.max(1, height - todo.length), theme)
  return <Lines height={height} width={width} lines={[...why, ...todo]} />
}
