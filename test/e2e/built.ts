import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
export const bundle = path.join(root, 'dist/gatecrab.js')
const lock = path.join(root, 'dist/.building')

export const launcher = path.join(root, 'bin/gatecrab.js')
export const fixtures = path.join(root, 'test/fixtures')

const changedAt = (file: string): number => fs.statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? 0

const newestSource = (): number => {
  const names = fs.readdirSync(path.join(root, 'src'), {recursive: true, encoding: 'utf8'})
  return Math.max(...names.filter(name => /\.tsx?$/.test(name)).map(name => changedAt(path.join(root, 'src', name))))
}

const isLate = (): boolean => changedAt(bundle) < newestSource()

const locked = (): boolean => {
  try {
    fs.writeFileSync(lock, String(process.pid), {flag: 'wx'})
    return true
  } catch {
    return false
  }
}

/** Test files run side by side: one of them builds, the others wait for it. */
export const built = async (): Promise<void> => {
  fs.mkdirSync(path.dirname(lock), {recursive: true})
  while (isLate() || fs.existsSync(lock)) {
    if (!locked()) {
      if (Date.now() - changedAt(lock) > 60_000) fs.rmSync(lock, {force: true})
      await pause(50)
      continue
    }
    try {
      if (isLate()) execFileSync('npm', ['run', '--silent', 'build'], {cwd: root, stdio: 'pipe'})
    } finally {
      fs.rmSync(lock, {force: true})
    }
  }
}
