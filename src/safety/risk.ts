// Persons whose overall risk was last assessed 3 or higher (CM-06): who they are to those who keep watch with the health offices.
import { z } from 'zod';
import { Day, Id } from '../kernel/contract.ts';
import { Guardian, Identity } from '../person/person.ts';
import { RiskLevel } from '../policy/facts.ts';

/** From this level of the national management standard of 2018 on, public security joins the watch. */
export const highRisk = 3;

/** No diagnosis, no number, no contact: what it takes to know that a patrol or a visit is due. */
export const RiskRow = z.object({
  person: Id,
  /** Masked. */
  name: z.string(),
  sex: Identity.shape.sex,
  age: z.int().nullable(),
  town: z.string().nullable(),
  village: z.string().nullable(),
  level: RiskLevel,
  assessedOn: Day,
  /** Who serves the person now, by name. */
  site: z.string().nullable(),
});
export type RiskRow = z.infer<typeof RiskRow>;

/** What public security is shown of one of them, for a purpose: whom to find where, and whom to call. */
export const RiskContact = z.object({
  name: z.string(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  guardian: Guardian.nullable(),
});
