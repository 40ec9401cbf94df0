# A mail program that knows nothing of Python's: "read" prints a mail of standard input as JSON,
# "write" makes one of JSON.
use strict;
use warnings;
use Email::MIME;
use JSON::PP;

binmode STDIN;
binmode STDOUT;
my $given = do { local $/; <STDIN> };
my $json  = JSON::PP->new->utf8->canonical;
my @names = qw(From To Subject Message-ID In-Reply-To References Auto-Submitted);

if ($ARGV[0] eq 'read') {
    my $mail = Email::MIME->new($given);
    my %said = map { $_ => scalar $mail->header_str($_) } @names;
    (my $text = $mail->body_str) =~ s/\r\n/\n/g;
    print $json->encode({ %said, type => $mail->content_type, text => $text });
}
else {
    my $said = $json->decode($given);
    my @header = map { defined $said->{$_} ? ($_ => $said->{$_}) : () } @names;
    my %how = (content_type => 'text/plain', charset => $said->{charset}, encoding => 'base64');
    print Email::MIME->create(
        header_str => \@header,
        attributes => \%how,
        body_str   => $said->{text},
    )->as_string;
}
