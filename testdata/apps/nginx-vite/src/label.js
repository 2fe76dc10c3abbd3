export const label = (n) => (n > 100 ? 'asleep' : `${n} sheep`);
