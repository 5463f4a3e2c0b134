import messagesRateTranscribedAudio from './messages.rateTranscribedAudio.ts'
import messagesTranscribeAudio from './messages.transcribeAudio.ts'
import { TRANSCRIBE, transcribeAgain } from './work.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [messagesRateTranscribedAudio, messagesTranscribeAudio]

export const jobs = { [TRANSCRIBE]: transcribeAgain }
