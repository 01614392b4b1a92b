namespace Volley.Data.Download;

/// <summary>Where the published data sets are: addresses and checksums as their authors and torchaudio or Tonic give them.</summary>
public static class Downloads
{
    private const string Zenke = "https://zenkelab.org/datasets/";

    /// <summary>The data sets that can be downloaded.</summary>
    public static IReadOnlyList<string> Names { get; } = ["shd", "ssc", "speech-commands"];

    /// <summary>The files of a data set; empty for one without a known address.</summary>
    public static IReadOnlyList<DownloadFile> Of(string name) => name switch
    {
        "shd" => [Spikes("shd_train.h5", "f3252aeb598ac776c1b526422d90eecb"), Spikes("shd_test.h5", "1503a5064faa34311c398fb0a1ed0a6f")],
        "ssc" =>
        [
            Spikes("ssc_train.h5", "d102be95e7144fcc0553d1f45ba94170"),
            Spikes("ssc_valid.h5", "b4eee3516a4a90dd0c71a6ac23a8ae43"),
            Spikes("ssc_test.h5", "a35ff1e9cffdd02a20eb850c17c37748"),
        ],
        "speech-commands" =>
        [
            new DownloadFile(
                new Uri("https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz"),
                "6b74f3901214cb2c2934e98196829835", Archive.TarGzip, "testing_list.txt"),
        ],
        _ => [],
    };

    private static DownloadFile Spikes(string name, string md5) => new(new Uri($"{Zenke}{name}.zip"), md5, Archive.Zip, name);
}
