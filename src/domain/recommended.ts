/** Similar channels that are named at most, and to whom has Premium. https://core.telegram.org/api/recommend */
export const RECOMMENDED = 10
export const RECOMMENDED_PREMIUM = 100
