import { z } from 'zod';

export const reading = z.object({
  at: z.string(),
  metres: z.number().min(-20, 'too low for a tide').max(20, 'too high for a tide'),
});

export type Reading = z.infer<typeof reading>;

export function average(readings: Reading[]): number {
  if (readings.length === 0) return 0;
  const sum = readings.reduce((total, r) => total + r.metres, 0);
  return Math.round((sum / readings.length) * 100) / 100;
}
