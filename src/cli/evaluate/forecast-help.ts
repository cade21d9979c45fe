export const FORECAST_HELP = `Forecast recorded series from many origins in their last part, each knowing nothing but its past, and compare
with what came. See docs/forecasting.md.

Usage:
  kubectl autonomic evaluate forecast --input FILE|FOLDER… [flags]

Flags:
      --input PATH         CSV or CSV.gz, or a folder of them; may be repeated. Header "timestamp,value"; of several
                           columns each is a series
      --skip-bad-rows      leave out rows that cannot be used and count them, instead of refusing the file
      --history SHARE      start of each series that is only learned from; default 60%
      --origins N          forecasts of each series, evenly spaced over the rest; default 25
      --horizons LIST      how far ahead, in steps of five minutes; default 12,72,288
      --tier NAME          full or light; default full
      --floors             compare with the last value, exponential smoothing, Theta and the seasonal naive forecast;
                           without it with the last of them only
      --emit FILE          write the quantiles of each series, origin and step, one JSON object a line
  -o, --output FORMAT      table, wide (each series too) or json; default table
      --progress           tell the progress on standard error also when that is no terminal
  -h, --help               this text

Exit codes: 0 done, 1 failed, 2 wrong flags or input that cannot be used.

Example:
  kubectl autonomic evaluate forecast --input metrics/ --history 60% --origins 25 --horizons 12,72,288 \\
      --floors --emit forecasts.jsonl
`;
