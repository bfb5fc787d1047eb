-- The list of persons at risk (CM-06) begins with the few whose risk was ever assessed 3 or higher.

create index fact_high_risk on fact (county, person) where kind = 'risk' and value >= '3'::jsonb;
