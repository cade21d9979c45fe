export const ANOMALY_HELP = `Look for what is unusual in recorded series with the operator's own detectors. Each row is judged by the rows before
it, and by nothing else: not by the length of the series, nor by its largest value. See docs/anomalies.md.

Usage:
  kubectl autonomic evaluate anomaly --input FILE|FOLDER… [flags]

Flags:
      --input PATH             CSV or CSV.gz, or a folder of them; may be repeated. Header "timestamp,value"; several
                               value columns are metrics of one service and are judged together
      --skip-bad-rows          leave out rows that cannot be used and count them, instead of refusing the file
      --detector NAME          incident, indicator or auto; default auto: indicator for rows up to two minutes apart,
                               incident for rows further apart. Several columns have their own
      --false-alarms N         false alarms a week of each series that are acceptable: one threshold for all series,
                               from the first part of them, without labels. Without it thresholds are fixed
      --calibration SHARE      that first part; default 50%. In it, thresholds are the fixed ones
      --labels FILE            JSON with the times of known anomalies by file name, as NAB's combined_labels.json; tells
                               what the alarms are worth
      --emit PATH              write timestamp,value,score,p_value,alarm for each row: a file for one series, a folder
                               for several
  -o, --output FORMAT          table or json; default table
      --progress               tell the progress on standard error also when that is no terminal
  -h, --help                   this text

Exit codes: 0 done, 1 failed, 2 wrong flags or input that cannot be used.

Example:
  kubectl autonomic evaluate anomaly --input metrics/ --false-alarms 1 --emit scores/
`;
