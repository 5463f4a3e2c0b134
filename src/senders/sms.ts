/** The gateway must answer within this time, ms. */
const TIMEOUT = 10_000

/**
 * Text messages through the operator's HTTP hook: a POST of `{"phone", "code", "text"}`, answered with any 2xx.
 * A redirect is a refusal, so that codes go nowhere but to the address that was configured.
 */
export function hookSms(url: string, timeout = TIMEOUT) {
  return async (phone: string, text: string, code: string): Promise<void> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phone, code, text }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`the SMS hook answered ${response.status}`)
  }
}
