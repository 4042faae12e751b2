import type {ServiceFinding, ServiceInputs} from './service-finding.ts'
import {fileFindings} from './service-findings-files.ts'
import {launchdFindings} from './service-findings-launchd.ts'
import {processFindings} from './service-findings-process.ts'
import {versionFindings} from './service-findings-versions.ts'

/** What is wrong with how the gateway is run, most harmful kinds first. */
export const serviceFindings = (inputs: ServiceInputs): ServiceFinding[] => [
  ...processFindings(inputs),
  ...launchdFindings(inputs),
  ...versionFindings(inputs),
  ...fileFindings(inputs),
]
