import type {SecretReference} from './credential.ts'

const where = ({source, provider, name}: SecretReference): string => {
  if (source === 'env') return `the variable ${name}`
  if (source === 'file') return `${name} of the secret file ${provider}`
  return source === 'store' ? `OpenClaw's secret store, as ${name}` : `what the program ${provider} prints`
}

const notFound = (reference: SecretReference): string => {
  if (reference.source === 'env') return 'is set neither in .env nor in the config nor here'
  return reference.place === null ? 'could not be found' : `is not in ${reference.place}`
}

/** Where its secret is kept and whether it is there, to follow the word "it". */
export const referenceWhy = (reference: SecretReference): string => {
  if (reference.found === 'yes') return `its secret is ${where(reference)}, set in ${reference.place ?? 'its place'}`
  if (reference.found === 'unasked') return `keeps its secret in ${where(reference)}, which gatecrab does not ask`
  return `keeps its secret in ${where(reference)}, which ${notFound(reference)}`
}
