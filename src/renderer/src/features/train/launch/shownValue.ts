import { isSecretName, maskValue } from '../../../../../shared/domain/secrets.ts'

/** A value of a difference as shown: secrets masked, `""` for an empty one, a dash for what is not set. */
export const shownValue = (name: string, value: string | undefined): string =>
  value === undefined ? '–' : isSecretName(name) ? maskValue(name, value) : value || '""'
