// What is filled in to try and adopt a pack, for the form and the contract alike.
import { z } from 'zod';
import { PackProblem } from './pack-problem.ts';

/** A city (4 digits) or a county (6): whoever issues such documents. A city's decision holds in its counties. */
export const AdoptionArea = z.string().regex(/^(\d{4}|\d{6})$/, '请填写 4 位市或 6 位县（区）代码');
export const AdoptionAreas = z.array(AdoptionArea).min(1, '请选择适用地区').max(50);
export const AdoptionReason = z.string().trim().min(2, '请写明依据，例如文件名称和文号').max(200);

/** The longest text of a pack; the shipped ones have some 20,000 characters. */
export const mostPackCharacters = 200_000;
export const PackText = z.string().min(1, '文件是空的').max(mostPackCharacters, '文件太大，不是一份政策包');

/** One mistake per line, as the try shows them. */
export const DraftProblem = PackProblem.pick({ line: true, message: true, hint: true });
export type DraftProblem = z.infer<typeof DraftProblem>;
