using Volley.Cli.Bench;

BenchCommand.Run(args, json: false, null, Environment.ProcessorCount, Console.Out);
return 0;
