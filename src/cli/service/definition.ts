/** What a service manager is to keep running, for the account that prints it. */
export type ServiceDefinition = {
  name: string
  about: string
  argv: readonly string[]
  env: Readonly<Record<string, string>>
  home: string
  /** It runs a command of the operator's. */
  hasCommand: boolean
}

/** `notes` stand at its head, and are said where only a file gets the text. */
export type ServiceText = {text: string; notes: readonly string[]}
