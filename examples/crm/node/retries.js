// Which answers are worth another attempt, and how long to wait before it.

export const ATTEMPTS = 8;

// The status of a request that got no answer, or half of one.
export const NO_ANSWER = 0;

// Failures that may be over at the next attempt.
export const PASSING = new Set([NO_ANSWER, 429, 500, 502, 503, 504]);

// Failures after which nobody knows whether the request was carried out.
export const UNCERTAIN = new Set([NO_ANSWER, 500, 502, 503, 504]);

// How long to wait after a failed attempt, counted from 1: as told, else 1, 2, 4 … seconds.
export function secondsBeforeRetry(attempt, retryAfter) {
  return /^\d+$/.test(retryAfter ?? "") ? Number(retryAfter) : 2 ** (attempt - 1);
}
