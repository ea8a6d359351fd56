using System.Globalization;
using WebhookBench;

// serve SOCKET-ADDRESS SECRET-FILE DELIVERIES-FILE | send PORT SECRET-FILE BODY-FILE RATE SECONDS
return args switch
{
    ["serve", var listen, var secret, var deliveries] => await Serving.RunAsync(listen, secret, deliveries),
    ["send", var port, var secret, var body, var rate, var seconds] => await Sending.RunAsync(Number(port), secret, body, Number(rate), Number(seconds)),
    _ => 2,
};

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
