import {keyOf, settingNames} from './keys.ts'

/** A file with every setting in it, each commented out. */
export const exampleSettings = (file: string): string =>
  [
    `// Settings of gatecrab: ${file}`,
    '// Flags win over them. A mistake costs its own setting only, and `gatecrab config` shows it.',
    '// Commands in here are run, so the file has to be yours and writable by you alone (chmod 600).',
    '{',
    ...settingNames.flatMap(name => {
      const {flag, about, takes, example} = keyOf(name)
      const same = flag === null ? '' : ` (--${flag})`
      return [`  // ${about}${same}: ${takes}`, `  // ${name}: ${example},`, '']
    }),
    '}',
    '',
  ].join('\n')
