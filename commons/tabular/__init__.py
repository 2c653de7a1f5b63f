"""Files that people made, as rows: any usual encoding, delimiter, workbook or JSON."""
