//! The one error that the client throws; pages branch on `code` and word it from the locales.
import type { Refusal } from './types'

/** What went wrong in a call, without personal data. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly params: Record<string, string>,
    message: string,
    readonly refusal?: Refusal,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

/** Turns whatever a bridge threw into an `ApiError`; an unknown throw becomes code `unknown`. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const raw = thrown as Partial<ApiError>
    return new ApiError(String(raw.code), raw.params ?? {}, raw.message ?? '', raw.refusal)
  }
  return new ApiError('unknown', {}, typeof thrown === 'string' ? thrown : String(thrown))
}
